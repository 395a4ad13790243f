-- When a closed story was closed; NULL for all others. Corrections of a closed story leave it.
ALTER TABLE stories ADD COLUMN closed_at INTEGER;

-- Of those that are closed already: the last request that named the status, as far as the audit trail reaches back; else the
-- last change of the story's own members, which is the closing or came after it.
UPDATE stories SET closed_at = coalesce(
    (SELECT max(at) FROM audit WHERE audit.story = stories.id AND action IN ('story.edit', 'story.replace')
        AND EXISTS (SELECT 1 FROM json_each(audit.members) WHERE value = 'status')),
    modified_at)
WHERE status = 'closed';
