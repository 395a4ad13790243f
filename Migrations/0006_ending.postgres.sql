-- How a story ended, which readers see while it is closed.
ALTER TABLE stories ADD COLUMN ending TEXT COLLATE "C";
