// SPDX-License-Identifier: Apache-2.0
// Written by scripts/embed; do not edit.
#include "CResources.h"

static const unsigned char Migrations_0001_initial_postgres_sql[] = {
#embed "../../Migrations/0001_initial.postgres.sql"
};
static const unsigned char Migrations_0001_initial_sqlite_sql[] = {
#embed "../../Migrations/0001_initial.sqlite.sql"
};
static const unsigned char Migrations_0002_life_sqlite_sql[] = {
#embed "../../Migrations/0002_life.sqlite.sql"
};
static const unsigned char Migrations_0002_webhooks_postgres_sql[] = {
#embed "../../Migrations/0002_webhooks.postgres.sql"
};
static const unsigned char Migrations_0003_media_postgres_sql[] = {
#embed "../../Migrations/0003_media.postgres.sql"
};
static const unsigned char Migrations_0003_renditions_sqlite_sql[] = {
#embed "../../Migrations/0003_renditions.sqlite.sql"
};
static const unsigned char Migrations_0004_cards_postgres_sql[] = {
#embed "../../Migrations/0004_cards.postgres.sql"
};
static const unsigned char Migrations_0004_corrections_sqlite_sql[] = {
#embed "../../Migrations/0004_corrections.sqlite.sql"
};
static const unsigned char Migrations_0005_push_postgres_sql[] = {
#embed "../../Migrations/0005_push.postgres.sql"
};
static const unsigned char Migrations_0005_visitors_sqlite_sql[] = {
#embed "../../Migrations/0005_visitors.sqlite.sql"
};
static const unsigned char Migrations_0006_answers_sqlite_sql[] = {
#embed "../../Migrations/0006_answers.sqlite.sql"
};
static const unsigned char Migrations_0006_ending_postgres_sql[] = {
#embed "../../Migrations/0006_ending.postgres.sql"
};
static const unsigned char Migrations_0007_drafts_sqlite_sql[] = {
#embed "../../Migrations/0007_drafts.sqlite.sql"
};
static const unsigned char Migrations_0007_moves_postgres_sql[] = {
#embed "../../Migrations/0007_moves.postgres.sql"
};
static const unsigned char Migrations_0008_audit_sqlite_sql[] = {
#embed "../../Migrations/0008_audit.sqlite.sql"
};
static const unsigned char Migrations_0008_notes_postgres_sql[] = {
#embed "../../Migrations/0008_notes.postgres.sql"
};
static const unsigned char Migrations_0009_reaction_kinds_postgres_sql[] = {
#embed "../../Migrations/0009_reaction_kinds.postgres.sql"
};
static const unsigned char Migrations_0009_removals_sqlite_sql[] = {
#embed "../../Migrations/0009_removals.sqlite.sql"
};
static const unsigned char Migrations_0010_bin_members_postgres_sql[] = {
#embed "../../Migrations/0010_bin_members.postgres.sql"
};
static const unsigned char Migrations_0010_takedowns_sqlite_sql[] = {
#embed "../../Migrations/0010_takedowns.sqlite.sql"
};
static const unsigned char Migrations_0011_bin_sqlite_sql[] = {
#embed "../../Migrations/0011_bin.sqlite.sql"
};
static const unsigned char Migrations_0011_thumbnails_postgres_sql[] = {
#embed "../../Migrations/0011_thumbnails.postgres.sql"
};
static const unsigned char Migrations_0012_closings_sqlite_sql[] = {
#embed "../../Migrations/0012_closings.sqlite.sql"
};
static const unsigned char Migrations_0012_former_uses_postgres_sql[] = {
#embed "../../Migrations/0012_former_uses.postgres.sql"
};
static const unsigned char Migrations_0013_composer_postgres_sql[] = {
#embed "../../Migrations/0013_composer.postgres.sql"
};
static const unsigned char Migrations_0013_markup_sqlite_sql[] = {
#embed "../../Migrations/0013_markup.sqlite.sql"
};
static const unsigned char Migrations_0014_languages_postgres_sql[] = {
#embed "../../Migrations/0014_languages.postgres.sql"
};
static const unsigned char Migrations_0014_tags_sqlite_sql[] = {
#embed "../../Migrations/0014_tags.sqlite.sql"
};
static const unsigned char Migrations_0015_names_sqlite_sql[] = {
#embed "../../Migrations/0015_names.sqlite.sql"
};
static const unsigned char Migrations_0015_site_postgres_sql[] = {
#embed "../../Migrations/0015_site.postgres.sql"
};
static const unsigned char Migrations_0016_lookups_postgres_sql[] = {
#embed "../../Migrations/0016_lookups.postgres.sql"
};
static const unsigned char Migrations_0016_tag_keys_sqlite_sql[] = {
#embed "../../Migrations/0016_tag_keys.sqlite.sql"
};
static const unsigned char Migrations_0017_presences_postgres_sql[] = {
#embed "../../Migrations/0017_presences.postgres.sql"
};
static const unsigned char Migrations_0017_webhooks_sqlite_sql[] = {
#embed "../../Migrations/0017_webhooks.sqlite.sql"
};
static const unsigned char Migrations_0018_media_sqlite_sql[] = {
#embed "../../Migrations/0018_media.sqlite.sql"
};
static const unsigned char Migrations_0019_cards_sqlite_sql[] = {
#embed "../../Migrations/0019_cards.sqlite.sql"
};
static const unsigned char Migrations_0020_push_sqlite_sql[] = {
#embed "../../Migrations/0020_push.sqlite.sql"
};
static const unsigned char Migrations_0021_ending_sqlite_sql[] = {
#embed "../../Migrations/0021_ending.sqlite.sql"
};
static const unsigned char Migrations_0022_moves_sqlite_sql[] = {
#embed "../../Migrations/0022_moves.sqlite.sql"
};
static const unsigned char Migrations_0023_notes_sqlite_sql[] = {
#embed "../../Migrations/0023_notes.sqlite.sql"
};
static const unsigned char Migrations_0024_reaction_kinds_sqlite_sql[] = {
#embed "../../Migrations/0024_reaction_kinds.sqlite.sql"
};
static const unsigned char Migrations_0025_bin_members_sqlite_sql[] = {
#embed "../../Migrations/0025_bin_members.sqlite.sql"
};
static const unsigned char Migrations_0026_thumbnails_sqlite_sql[] = {
#embed "../../Migrations/0026_thumbnails.sqlite.sql"
};
static const unsigned char Migrations_0027_former_uses_sqlite_sql[] = {
#embed "../../Migrations/0027_former_uses.sqlite.sql"
};
static const unsigned char Migrations_0028_composer_sqlite_sql[] = {
#embed "../../Migrations/0028_composer.sqlite.sql"
};
static const unsigned char Migrations_0029_languages_sqlite_sql[] = {
#embed "../../Migrations/0029_languages.sqlite.sql"
};
static const unsigned char Migrations_0030_site_sqlite_sql[] = {
#embed "../../Migrations/0030_site.sqlite.sql"
};
static const unsigned char Migrations_0031_lookups_sqlite_sql[] = {
#embed "../../Migrations/0031_lookups.sqlite.sql"
};
static const unsigned char Migrations_0032_presences_sqlite_sql[] = {
#embed "../../Migrations/0032_presences.sqlite.sql"
};
static const unsigned char Sources_Web_Files_client_backoff_js[] = {
#embed "../../Sources/Web/Files/client/backoff.js"
};
static const unsigned char Sources_Web_Files_client_client_follower_js[] = {
#embed "../../Sources/Web/Files/client/client-follower.js"
};
static const unsigned char Sources_Web_Files_client_client_d_ts[] = {
#embed "../../Sources/Web/Files/client/client.d.ts"
};
static const unsigned char Sources_Web_Files_client_environment_js[] = {
#embed "../../Sources/Web/Files/client/environment.js"
};
static const unsigned char Sources_Web_Files_client_event_parser_js[] = {
#embed "../../Sources/Web/Files/client/event-parser.js"
};
static const unsigned char Sources_Web_Files_client_event_stream_js[] = {
#embed "../../Sources/Web/Files/client/event-stream.js"
};
static const unsigned char Sources_Web_Files_client_events_js[] = {
#embed "../../Sources/Web/Files/client/events.js"
};
static const unsigned char Sources_Web_Files_client_feed_js[] = {
#embed "../../Sources/Web/Files/client/feed.js"
};
static const unsigned char Sources_Web_Files_client_follower_js[] = {
#embed "../../Sources/Web/Files/client/follower.js"
};
static const unsigned char Sources_Web_Files_client_pause_js[] = {
#embed "../../Sources/Web/Files/client/pause.js"
};
static const unsigned char Sources_Web_Files_client_requests_js[] = {
#embed "../../Sources/Web/Files/client/requests.js"
};
static const unsigned char Sources_Web_Files_client_shared_polls_js[] = {
#embed "../../Sources/Web/Files/client/shared-polls.js"
};
static const unsigned char Sources_Web_Files_desk_actions_js[] = {
#embed "../../Sources/Web/Files/desk/actions.js"
};
static const unsigned char Sources_Web_Files_desk_api_js[] = {
#embed "../../Sources/Web/Files/desk/api.js"
};
static const unsigned char Sources_Web_Files_desk_appearance_js[] = {
#embed "../../Sources/Web/Files/desk/appearance.js"
};
static const unsigned char Sources_Web_Files_desk_audit_trail_js[] = {
#embed "../../Sources/Web/Files/desk/audit-trail.js"
};
static const unsigned char Sources_Web_Files_desk_author_question_js[] = {
#embed "../../Sources/Web/Files/desk/author-question.js"
};
static const unsigned char Sources_Web_Files_desk_autosave_js[] = {
#embed "../../Sources/Web/Files/desk/autosave.js"
};
static const unsigned char Sources_Web_Files_desk_bin_js[] = {
#embed "../../Sources/Web/Files/desk/bin.js"
};
static const unsigned char Sources_Web_Files_desk_bulk_js[] = {
#embed "../../Sources/Web/Files/desk/bulk.js"
};
static const unsigned char Sources_Web_Files_desk_clean_js[] = {
#embed "../../Sources/Web/Files/desk/clean.js"
};
static const unsigned char Sources_Web_Files_desk_colleagues_js[] = {
#embed "../../Sources/Web/Files/desk/colleagues.js"
};
static const unsigned char Sources_Web_Files_desk_columns_js[] = {
#embed "../../Sources/Web/Files/desk/columns.js"
};
static const unsigned char Sources_Web_Files_desk_composer_js[] = {
#embed "../../Sources/Web/Files/desk/composer.js"
};
static const unsigned char Sources_Web_Files_desk_conflict_js[] = {
#embed "../../Sources/Web/Files/desk/conflict.js"
};
static const unsigned char Sources_Web_Files_desk_contrast_js[] = {
#embed "../../Sources/Web/Files/desk/contrast.js"
};
static const unsigned char Sources_Web_Files_desk_desk_css[] = {
#embed "../../Sources/Web/Files/desk/desk.css"
};
static const unsigned char Sources_Web_Files_desk_desk_html[] = {
#embed "../../Sources/Web/Files/desk/desk.html"
};
static const unsigned char Sources_Web_Files_desk_desk_js[] = {
#embed "../../Sources/Web/Files/desk/desk.js"
};
static const unsigned char Sources_Web_Files_desk_dialogs_js[] = {
#embed "../../Sources/Web/Files/desk/dialogs.js"
};
static const unsigned char Sources_Web_Files_desk_diff_js[] = {
#embed "../../Sources/Web/Files/desk/diff.js"
};
static const unsigned char Sources_Web_Files_desk_drafts_js[] = {
#embed "../../Sources/Web/Files/desk/drafts.js"
};
static const unsigned char Sources_Web_Files_desk_editor_js[] = {
#embed "../../Sources/Web/Files/desk/editor.js"
};
static const unsigned char Sources_Web_Files_desk_elements_js[] = {
#embed "../../Sources/Web/Files/desk/elements.js"
};
static const unsigned char Sources_Web_Files_desk_embed_address_js[] = {
#embed "../../Sources/Web/Files/desk/embed-address.js"
};
static const unsigned char Sources_Web_Files_desk_embed_code_js[] = {
#embed "../../Sources/Web/Files/desk/embed-code.js"
};
static const unsigned char Sources_Web_Files_desk_embed_dialog_js[] = {
#embed "../../Sources/Web/Files/desk/embed-dialog.js"
};
static const unsigned char Sources_Web_Files_desk_field_errors_js[] = {
#embed "../../Sources/Web/Files/desk/field-errors.js"
};
static const unsigned char Sources_Web_Files_desk_fields_js[] = {
#embed "../../Sources/Web/Files/desk/fields.js"
};
static const unsigned char Sources_Web_Files_desk_find_js[] = {
#embed "../../Sources/Web/Files/desk/find.js"
};
static const unsigned char Sources_Web_Files_desk_focus_dialog_js[] = {
#embed "../../Sources/Web/Files/desk/focus-dialog.js"
};
static const unsigned char Sources_Web_Files_desk_focus_js[] = {
#embed "../../Sources/Web/Files/desk/focus.js"
};
static const unsigned char Sources_Web_Files_desk_font_upload_js[] = {
#embed "../../Sources/Web/Files/desk/font-upload.js"
};
static const unsigned char Sources_Web_Files_desk_form_parts_js[] = {
#embed "../../Sources/Web/Files/desk/form-parts.js"
};
static const unsigned char Sources_Web_Files_desk_fuzzy_js[] = {
#embed "../../Sources/Web/Files/desk/fuzzy.js"
};
static const unsigned char Sources_Web_Files_desk_handover_js[] = {
#embed "../../Sources/Web/Files/desk/handover.js"
};
static const unsigned char Sources_Web_Files_desk_history_js[] = {
#embed "../../Sources/Web/Files/desk/history.js"
};
static const unsigned char Sources_Web_Files_desk_import_js[] = {
#embed "../../Sources/Web/Files/desk/import.js"
};
static const unsigned char Sources_Web_Files_desk_labels_js[] = {
#embed "../../Sources/Web/Files/desk/labels.js"
};
static const unsigned char Sources_Web_Files_desk_language_js[] = {
#embed "../../Sources/Web/Files/desk/language.js"
};
static const unsigned char Sources_Web_Files_desk_links_js[] = {
#embed "../../Sources/Web/Files/desk/links.js"
};
static const unsigned char Sources_Web_Files_desk_list_walk_js[] = {
#embed "../../Sources/Web/Files/desk/list-walk.js"
};
static const unsigned char Sources_Web_Files_desk_local_times_js[] = {
#embed "../../Sources/Web/Files/desk/local-times.js"
};
static const unsigned char Sources_Web_Files_desk_markdown_control_js[] = {
#embed "../../Sources/Web/Files/desk/markdown-control.js"
};
static const unsigned char Sources_Web_Files_desk_markdown_edit_js[] = {
#embed "../../Sources/Web/Files/desk/markdown-edit.js"
};
static const unsigned char Sources_Web_Files_desk_media_controls_js[] = {
#embed "../../Sources/Web/Files/desk/media-controls.js"
};
static const unsigned char Sources_Web_Files_desk_media_request_js[] = {
#embed "../../Sources/Web/Files/desk/media-request.js"
};
static const unsigned char Sources_Web_Files_desk_media_row_js[] = {
#embed "../../Sources/Web/Files/desk/media-row.js"
};
static const unsigned char Sources_Web_Files_desk_media_rows_js[] = {
#embed "../../Sources/Web/Files/desk/media-rows.js"
};
static const unsigned char Sources_Web_Files_desk_merge_lines_js[] = {
#embed "../../Sources/Web/Files/desk/merge-lines.js"
};
static const unsigned char Sources_Web_Files_desk_merge_js[] = {
#embed "../../Sources/Web/Files/desk/merge.js"
};
static const unsigned char Sources_Web_Files_desk_move_dialog_js[] = {
#embed "../../Sources/Web/Files/desk/move-dialog.js"
};
static const unsigned char Sources_Web_Files_desk_navigation_js[] = {
#embed "../../Sources/Web/Files/desk/navigation.js"
};
static const unsigned char Sources_Web_Files_desk_news_signal_js[] = {
#embed "../../Sources/Web/Files/desk/news-signal.js"
};
static const unsigned char Sources_Web_Files_desk_night_css[] = {
#embed "../../Sources/Web/Files/desk/night.css"
};
static const unsigned char Sources_Web_Files_desk_notify_tick_js[] = {
#embed "../../Sources/Web/Files/desk/notify-tick.js"
};
static const unsigned char Sources_Web_Files_desk_outbox_js[] = {
#embed "../../Sources/Web/Files/desk/outbox.js"
};
static const unsigned char Sources_Web_Files_desk_outline_entries_js[] = {
#embed "../../Sources/Web/Files/desk/outline-entries.js"
};
static const unsigned char Sources_Web_Files_desk_outline_js[] = {
#embed "../../Sources/Web/Files/desk/outline.js"
};
static const unsigned char Sources_Web_Files_desk_page_frame_js[] = {
#embed "../../Sources/Web/Files/desk/page-frame.js"
};
static const unsigned char Sources_Web_Files_desk_page_words_js[] = {
#embed "../../Sources/Web/Files/desk/page-words.js"
};
static const unsigned char Sources_Web_Files_desk_paged_part_js[] = {
#embed "../../Sources/Web/Files/desk/paged-part.js"
};
static const unsigned char Sources_Web_Files_desk_palette_js[] = {
#embed "../../Sources/Web/Files/desk/palette.js"
};
static const unsigned char Sources_Web_Files_desk_paste_nodes_js[] = {
#embed "../../Sources/Web/Files/desk/paste-nodes.js"
};
static const unsigned char Sources_Web_Files_desk_pending_js[] = {
#embed "../../Sources/Web/Files/desk/pending.js"
};
static const unsigned char Sources_Web_Files_desk_phone_css[] = {
#embed "../../Sources/Web/Files/desk/phone.css"
};
static const unsigned char Sources_Web_Files_desk_phrases_js[] = {
#embed "../../Sources/Web/Files/desk/phrases.js"
};
static const unsigned char Sources_Web_Files_desk_picture_files_js[] = {
#embed "../../Sources/Web/Files/desk/picture-files.js"
};
static const unsigned char Sources_Web_Files_desk_picture_input_js[] = {
#embed "../../Sources/Web/Files/desk/picture-input.js"
};
static const unsigned char Sources_Web_Files_desk_pictures_css[] = {
#embed "../../Sources/Web/Files/desk/pictures.css"
};
static const unsigned char Sources_Web_Files_desk_pictures_js[] = {
#embed "../../Sources/Web/Files/desk/pictures.js"
};
static const unsigned char Sources_Web_Files_desk_poll_loop_js[] = {
#embed "../../Sources/Web/Files/desk/poll-loop.js"
};
static const unsigned char Sources_Web_Files_desk_presence_js[] = {
#embed "../../Sources/Web/Files/desk/presence.js"
};
static const unsigned char Sources_Web_Files_desk_preview_js[] = {
#embed "../../Sources/Web/Files/desk/preview.js"
};
static const unsigned char Sources_Web_Files_desk_publish_check_js[] = {
#embed "../../Sources/Web/Files/desk/publish-check.js"
};
static const unsigned char Sources_Web_Files_desk_restored_edits_js[] = {
#embed "../../Sources/Web/Files/desk/restored-edits.js"
};
static const unsigned char Sources_Web_Files_desk_retry_js[] = {
#embed "../../Sources/Web/Files/desk/retry.js"
};
static const unsigned char Sources_Web_Files_desk_rich_paste_js[] = {
#embed "../../Sources/Web/Files/desk/rich-paste.js"
};
static const unsigned char Sources_Web_Files_desk_route_js[] = {
#embed "../../Sources/Web/Files/desk/route.js"
};
static const unsigned char Sources_Web_Files_desk_row_dragging_js[] = {
#embed "../../Sources/Web/Files/desk/row-dragging.js"
};
static const unsigned char Sources_Web_Files_desk_rows_js[] = {
#embed "../../Sources/Web/Files/desk/rows.js"
};
static const unsigned char Sources_Web_Files_desk_save_js[] = {
#embed "../../Sources/Web/Files/desk/save.js"
};
static const unsigned char Sources_Web_Files_desk_search_query_js[] = {
#embed "../../Sources/Web/Files/desk/search-query.js"
};
static const unsigned char Sources_Web_Files_desk_selection_bar_js[] = {
#embed "../../Sources/Web/Files/desk/selection-bar.js"
};
static const unsigned char Sources_Web_Files_desk_selection_js[] = {
#embed "../../Sources/Web/Files/desk/selection.js"
};
static const unsigned char Sources_Web_Files_desk_server_copy_js[] = {
#embed "../../Sources/Web/Files/desk/server-copy.js"
};
static const unsigned char Sources_Web_Files_desk_session_js[] = {
#embed "../../Sources/Web/Files/desk/session.js"
};
static const unsigned char Sources_Web_Files_desk_settings_js[] = {
#embed "../../Sources/Web/Files/desk/settings.js"
};
static const unsigned char Sources_Web_Files_desk_shortcuts_js[] = {
#embed "../../Sources/Web/Files/desk/shortcuts.js"
};
static const unsigned char Sources_Web_Files_desk_sign_in_js[] = {
#embed "../../Sources/Web/Files/desk/sign-in.js"
};
static const unsigned char Sources_Web_Files_desk_site_controls_js[] = {
#embed "../../Sources/Web/Files/desk/site-controls.js"
};
static const unsigned char Sources_Web_Files_desk_site_fields_js[] = {
#embed "../../Sources/Web/Files/desk/site-fields.js"
};
static const unsigned char Sources_Web_Files_desk_site_preview_js[] = {
#embed "../../Sources/Web/Files/desk/site-preview.js"
};
static const unsigned char Sources_Web_Files_desk_site_revisions_js[] = {
#embed "../../Sources/Web/Files/desk/site-revisions.js"
};
static const unsigned char Sources_Web_Files_desk_snippet_dialog_js[] = {
#embed "../../Sources/Web/Files/desk/snippet-dialog.js"
};
static const unsigned char Sources_Web_Files_desk_snippet_menu_js[] = {
#embed "../../Sources/Web/Files/desk/snippet-menu.js"
};
static const unsigned char Sources_Web_Files_desk_snippets_js[] = {
#embed "../../Sources/Web/Files/desk/snippets.js"
};
static const unsigned char Sources_Web_Files_desk_stable_list_js[] = {
#embed "../../Sources/Web/Files/desk/stable-list.js"
};
static const unsigned char Sources_Web_Files_desk_start_js[] = {
#embed "../../Sources/Web/Files/desk/start.js"
};
static const unsigned char Sources_Web_Files_desk_status_dialog_js[] = {
#embed "../../Sources/Web/Files/desk/status-dialog.js"
};
static const unsigned char Sources_Web_Files_desk_status_message_js[] = {
#embed "../../Sources/Web/Files/desk/status-message.js"
};
static const unsigned char Sources_Web_Files_desk_storage_js[] = {
#embed "../../Sources/Web/Files/desk/storage.js"
};
static const unsigned char Sources_Web_Files_desk_stories_js[] = {
#embed "../../Sources/Web/Files/desk/stories.js"
};
static const unsigned char Sources_Web_Files_desk_story_export_js[] = {
#embed "../../Sources/Web/Files/desk/story-export.js"
};
static const unsigned char Sources_Web_Files_desk_story_form_js[] = {
#embed "../../Sources/Web/Files/desk/story-form.js"
};
static const unsigned char Sources_Web_Files_desk_story_js[] = {
#embed "../../Sources/Web/Files/desk/story.js"
};
static const unsigned char Sources_Web_Files_desk_tab_channel_js[] = {
#embed "../../Sources/Web/Files/desk/tab-channel.js"
};
static const unsigned char Sources_Web_Files_desk_text_control_js[] = {
#embed "../../Sources/Web/Files/desk/text-control.js"
};
static const unsigned char Sources_Web_Files_desk_text_edit_js[] = {
#embed "../../Sources/Web/Files/desk/text-edit.js"
};
static const unsigned char Sources_Web_Files_desk_toolbar_js[] = {
#embed "../../Sources/Web/Files/desk/toolbar.js"
};
static const unsigned char Sources_Web_Files_desk_top_conflict_js[] = {
#embed "../../Sources/Web/Files/desk/top-conflict.js"
};
static const unsigned char Sources_Web_Files_desk_top_form_js[] = {
#embed "../../Sources/Web/Files/desk/top-form.js"
};
static const unsigned char Sources_Web_Files_desk_trail_texts_js[] = {
#embed "../../Sources/Web/Files/desk/trail-texts.js"
};
static const unsigned char Sources_Web_Files_desk_trail_updates_js[] = {
#embed "../../Sources/Web/Files/desk/trail-updates.js"
};
static const unsigned char Sources_Web_Files_desk_undo_js[] = {
#embed "../../Sources/Web/Files/desk/undo.js"
};
static const unsigned char Sources_Web_Files_desk_update_form_js[] = {
#embed "../../Sources/Web/Files/desk/update-form.js"
};
static const unsigned char Sources_Web_Files_desk_update_item_js[] = {
#embed "../../Sources/Web/Files/desk/update-item.js"
};
static const unsigned char Sources_Web_Files_desk_update_lists_js[] = {
#embed "../../Sources/Web/Files/desk/update-lists.js"
};
static const unsigned char Sources_Web_Files_desk_updates_js[] = {
#embed "../../Sources/Web/Files/desk/updates.js"
};
static const unsigned char Sources_Web_Files_desk_upload_wait_js[] = {
#embed "../../Sources/Web/Files/desk/upload-wait.js"
};
static const unsigned char Sources_Web_Files_desk_uploads_js[] = {
#embed "../../Sources/Web/Files/desk/uploads.js"
};
static const unsigned char Sources_Web_Files_desk_values_js[] = {
#embed "../../Sources/Web/Files/desk/values.js"
};
static const unsigned char Sources_Web_Files_desk_views_css[] = {
#embed "../../Sources/Web/Files/desk/views.css"
};
static const unsigned char Sources_Web_Files_desk_watch_js[] = {
#embed "../../Sources/Web/Files/desk/watch.js"
};
static const unsigned char Sources_Web_Files_desk_webhook_notices_js[] = {
#embed "../../Sources/Web/Files/desk/webhook-notices.js"
};
static const unsigned char Sources_Web_Files_desk_word_count_js[] = {
#embed "../../Sources/Web/Files/desk/word-count.js"
};
static const unsigned char Sources_Web_Files_lightbox_lightbox_js[] = {
#embed "../../Sources/Web/Files/lightbox/lightbox.js"
};
static const unsigned char Sources_Web_Files_reader_bar_js[] = {
#embed "../../Sources/Web/Files/reader/bar.js"
};
static const unsigned char Sources_Web_Files_reader_bell_js[] = {
#embed "../../Sources/Web/Files/reader/bell.js"
};
static const unsigned char Sources_Web_Files_reader_consent_js[] = {
#embed "../../Sources/Web/Files/reader/consent.js"
};
static const unsigned char Sources_Web_Files_reader_extras_js[] = {
#embed "../../Sources/Web/Files/reader/extras.js"
};
static const unsigned char Sources_Web_Files_reader_fold_js[] = {
#embed "../../Sources/Web/Files/reader/fold.js"
};
static const unsigned char Sources_Web_Files_reader_front_js[] = {
#embed "../../Sources/Web/Files/reader/front.js"
};
static const unsigned char Sources_Web_Files_reader_head_css[] = {
#embed "../../Sources/Web/Files/reader/head.css"
};
static const unsigned char Sources_Web_Files_reader_last_visit_js[] = {
#embed "../../Sources/Web/Files/reader/last-visit.js"
};
static const unsigned char Sources_Web_Files_reader_live_css[] = {
#embed "../../Sources/Web/Files/reader/live.css"
};
static const unsigned char Sources_Web_Files_reader_live_js[] = {
#embed "../../Sources/Web/Files/reader/live.js"
};
static const unsigned char Sources_Web_Files_reader_navigation_js[] = {
#embed "../../Sources/Web/Files/reader/navigation.js"
};
static const unsigned char Sources_Web_Files_reader_news_at_end_js[] = {
#embed "../../Sources/Web/Files/reader/news-at-end.js"
};
static const unsigned char Sources_Web_Files_reader_page_feed_js[] = {
#embed "../../Sources/Web/Files/reader/page-feed.js"
};
static const unsigned char Sources_Web_Files_reader_push_worker_js[] = {
#embed "../../Sources/Web/Files/reader/push-worker.js"
};
static const unsigned char Sources_Web_Files_reader_search_css[] = {
#embed "../../Sources/Web/Files/reader/search.css"
};
static const unsigned char Sources_Web_Files_reader_site_css[] = {
#embed "../../Sources/Web/Files/reader/site.css"
};
static const unsigned char Sources_Web_Files_reader_sound_js[] = {
#embed "../../Sources/Web/Files/reader/sound.js"
};
static const unsigned char Sources_Web_Files_reader_story_markup_js[] = {
#embed "../../Sources/Web/Files/reader/story-markup.js"
};
static const unsigned char Sources_Web_Files_reader_update_summary_js[] = {
#embed "../../Sources/Web/Files/reader/update-summary.js"
};
static const unsigned char Sources_Web_Files_shared_card_sheets_js[] = {
#embed "../../Sources/Web/Files/shared/card-sheets.js"
};
static const unsigned char Sources_Web_Files_shared_cards_js[] = {
#embed "../../Sources/Web/Files/shared/cards.js"
};
static const unsigned char Sources_Web_Files_shared_catalogue_js[] = {
#embed "../../Sources/Web/Files/shared/catalogue.js"
};
static const unsigned char Sources_Web_Files_shared_count_text_js[] = {
#embed "../../Sources/Web/Files/shared/count-text.js"
};
static const unsigned char Sources_Web_Files_shared_dom_js[] = {
#embed "../../Sources/Web/Files/shared/dom.js"
};
static const unsigned char Sources_Web_Files_shared_enlarge_js[] = {
#embed "../../Sources/Web/Files/shared/enlarge.js"
};
static const unsigned char Sources_Web_Files_shared_favicon_ico[] = {
#embed "../../Sources/Web/Files/shared/favicon.ico"
};
static const unsigned char Sources_Web_Files_shared_icon_180_png[] = {
#embed "../../Sources/Web/Files/shared/icon-180.png"
};
static const unsigned char Sources_Web_Files_shared_icon_512_png[] = {
#embed "../../Sources/Web/Files/shared/icon-512.png"
};
static const unsigned char Sources_Web_Files_shared_icon_svg[] = {
#embed "../../Sources/Web/Files/shared/icon.svg"
};
static const unsigned char Sources_Web_Files_shared_live_view_js[] = {
#embed "../../Sources/Web/Files/shared/live-view.js"
};
static const unsigned char Sources_Web_Files_shared_markup_js[] = {
#embed "../../Sources/Web/Files/shared/markup.js"
};
static const unsigned char Sources_Web_Files_shared_messages_js[] = {
#embed "../../Sources/Web/Files/shared/messages.js"
};
static const unsigned char Sources_Web_Files_shared_picture_js[] = {
#embed "../../Sources/Web/Files/shared/picture.js"
};
static const unsigned char Sources_Web_Files_shared_scroll_anchor_js[] = {
#embed "../../Sources/Web/Files/shared/scroll-anchor.js"
};
static const unsigned char Sources_Web_Files_shared_text_language_js[] = {
#embed "../../Sources/Web/Files/shared/text-language.js"
};
static const unsigned char Sources_Web_Files_shared_times_js[] = {
#embed "../../Sources/Web/Files/shared/times.js"
};
static const unsigned char Sources_Web_Files_shared_tone_js[] = {
#embed "../../Sources/Web/Files/shared/tone.js"
};
static const unsigned char Sources_Web_Files_shared_update_list_js[] = {
#embed "../../Sources/Web/Files/shared/update-list.js"
};
static const unsigned char Sources_Web_Files_shared_visitor_js[] = {
#embed "../../Sources/Web/Files/shared/visitor.js"
};
static const unsigned char Sources_Web_Files_shared_words_js[] = {
#embed "../../Sources/Web/Files/shared/words.js"
};
static const unsigned char Sources_Web_Files_widget_brief_sheet_js[] = {
#embed "../../Sources/Web/Files/widget/brief-sheet.js"
};
static const unsigned char Sources_Web_Files_widget_embed_frame_js[] = {
#embed "../../Sources/Web/Files/widget/embed-frame.js"
};
static const unsigned char Sources_Web_Files_widget_embed_live_js[] = {
#embed "../../Sources/Web/Files/widget/embed-live.js"
};
static const unsigned char Sources_Web_Files_widget_embed_page_js[] = {
#embed "../../Sources/Web/Files/widget/embed-page.js"
};
static const unsigned char Sources_Web_Files_widget_embed_js[] = {
#embed "../../Sources/Web/Files/widget/embed.js"
};
static const unsigned char Sources_Web_Files_widget_sheet_js[] = {
#embed "../../Sources/Web/Files/widget/sheet.js"
};
static const unsigned char Sources_Web_Files_words_ar_json[] = {
#embed "../../Sources/Web/Files/words/ar.json"
};
static const unsigned char Sources_Web_Files_words_de_json[] = {
#embed "../../Sources/Web/Files/words/de.json"
};
static const unsigned char Sources_Web_Files_words_desk_ar_json[] = {
#embed "../../Sources/Web/Files/words/desk/ar.json"
};
static const unsigned char Sources_Web_Files_words_desk_de_json[] = {
#embed "../../Sources/Web/Files/words/desk/de.json"
};
static const unsigned char Sources_Web_Files_words_desk_en_json[] = {
#embed "../../Sources/Web/Files/words/desk/en.json"
};
static const unsigned char Sources_Web_Files_words_desk_es_json[] = {
#embed "../../Sources/Web/Files/words/desk/es.json"
};
static const unsigned char Sources_Web_Files_words_desk_fr_json[] = {
#embed "../../Sources/Web/Files/words/desk/fr.json"
};
static const unsigned char Sources_Web_Files_words_desk_he_json[] = {
#embed "../../Sources/Web/Files/words/desk/he.json"
};
static const unsigned char Sources_Web_Files_words_desk_it_json[] = {
#embed "../../Sources/Web/Files/words/desk/it.json"
};
static const unsigned char Sources_Web_Files_words_desk_ja_json[] = {
#embed "../../Sources/Web/Files/words/desk/ja.json"
};
static const unsigned char Sources_Web_Files_words_desk_nl_json[] = {
#embed "../../Sources/Web/Files/words/desk/nl.json"
};
static const unsigned char Sources_Web_Files_words_desk_pl_json[] = {
#embed "../../Sources/Web/Files/words/desk/pl.json"
};
static const unsigned char Sources_Web_Files_words_desk_pt_json[] = {
#embed "../../Sources/Web/Files/words/desk/pt.json"
};
static const unsigned char Sources_Web_Files_words_desk_uk_json[] = {
#embed "../../Sources/Web/Files/words/desk/uk.json"
};
static const unsigned char Sources_Web_Files_words_desk_zh_Hans_json[] = {
#embed "../../Sources/Web/Files/words/desk/zh-Hans.json"
};
static const unsigned char Sources_Web_Files_words_en_json[] = {
#embed "../../Sources/Web/Files/words/en.json"
};
static const unsigned char Sources_Web_Files_words_es_json[] = {
#embed "../../Sources/Web/Files/words/es.json"
};
static const unsigned char Sources_Web_Files_words_fr_json[] = {
#embed "../../Sources/Web/Files/words/fr.json"
};
static const unsigned char Sources_Web_Files_words_he_json[] = {
#embed "../../Sources/Web/Files/words/he.json"
};
static const unsigned char Sources_Web_Files_words_it_json[] = {
#embed "../../Sources/Web/Files/words/it.json"
};
static const unsigned char Sources_Web_Files_words_ja_json[] = {
#embed "../../Sources/Web/Files/words/ja.json"
};
static const unsigned char Sources_Web_Files_words_nl_json[] = {
#embed "../../Sources/Web/Files/words/nl.json"
};
static const unsigned char Sources_Web_Files_words_pl_json[] = {
#embed "../../Sources/Web/Files/words/pl.json"
};
static const unsigned char Sources_Web_Files_words_pt_json[] = {
#embed "../../Sources/Web/Files/words/pt.json"
};
static const unsigned char Sources_Web_Files_words_uk_json[] = {
#embed "../../Sources/Web/Files/words/uk.json"
};
static const unsigned char Sources_Web_Files_words_zh_Hans_json[] = {
#embed "../../Sources/Web/Files/words/zh-Hans.json"
};
static const unsigned char openapi_yaml[] = {
#embed "../../openapi.yaml"
};

static const struct resource table[] = {
    {"Migrations/0001_initial.postgres.sql", Migrations_0001_initial_postgres_sql, sizeof Migrations_0001_initial_postgres_sql},
    {"Migrations/0001_initial.sqlite.sql", Migrations_0001_initial_sqlite_sql, sizeof Migrations_0001_initial_sqlite_sql},
    {"Migrations/0002_life.sqlite.sql", Migrations_0002_life_sqlite_sql, sizeof Migrations_0002_life_sqlite_sql},
    {"Migrations/0002_webhooks.postgres.sql", Migrations_0002_webhooks_postgres_sql, sizeof Migrations_0002_webhooks_postgres_sql},
    {"Migrations/0003_media.postgres.sql", Migrations_0003_media_postgres_sql, sizeof Migrations_0003_media_postgres_sql},
    {"Migrations/0003_renditions.sqlite.sql", Migrations_0003_renditions_sqlite_sql, sizeof Migrations_0003_renditions_sqlite_sql},
    {"Migrations/0004_cards.postgres.sql", Migrations_0004_cards_postgres_sql, sizeof Migrations_0004_cards_postgres_sql},
    {"Migrations/0004_corrections.sqlite.sql", Migrations_0004_corrections_sqlite_sql, sizeof Migrations_0004_corrections_sqlite_sql},
    {"Migrations/0005_push.postgres.sql", Migrations_0005_push_postgres_sql, sizeof Migrations_0005_push_postgres_sql},
    {"Migrations/0005_visitors.sqlite.sql", Migrations_0005_visitors_sqlite_sql, sizeof Migrations_0005_visitors_sqlite_sql},
    {"Migrations/0006_answers.sqlite.sql", Migrations_0006_answers_sqlite_sql, sizeof Migrations_0006_answers_sqlite_sql},
    {"Migrations/0006_ending.postgres.sql", Migrations_0006_ending_postgres_sql, sizeof Migrations_0006_ending_postgres_sql},
    {"Migrations/0007_drafts.sqlite.sql", Migrations_0007_drafts_sqlite_sql, sizeof Migrations_0007_drafts_sqlite_sql},
    {"Migrations/0007_moves.postgres.sql", Migrations_0007_moves_postgres_sql, sizeof Migrations_0007_moves_postgres_sql},
    {"Migrations/0008_audit.sqlite.sql", Migrations_0008_audit_sqlite_sql, sizeof Migrations_0008_audit_sqlite_sql},
    {"Migrations/0008_notes.postgres.sql", Migrations_0008_notes_postgres_sql, sizeof Migrations_0008_notes_postgres_sql},
    {"Migrations/0009_reaction_kinds.postgres.sql", Migrations_0009_reaction_kinds_postgres_sql, sizeof Migrations_0009_reaction_kinds_postgres_sql},
    {"Migrations/0009_removals.sqlite.sql", Migrations_0009_removals_sqlite_sql, sizeof Migrations_0009_removals_sqlite_sql},
    {"Migrations/0010_bin_members.postgres.sql", Migrations_0010_bin_members_postgres_sql, sizeof Migrations_0010_bin_members_postgres_sql},
    {"Migrations/0010_takedowns.sqlite.sql", Migrations_0010_takedowns_sqlite_sql, sizeof Migrations_0010_takedowns_sqlite_sql},
    {"Migrations/0011_bin.sqlite.sql", Migrations_0011_bin_sqlite_sql, sizeof Migrations_0011_bin_sqlite_sql},
    {"Migrations/0011_thumbnails.postgres.sql", Migrations_0011_thumbnails_postgres_sql, sizeof Migrations_0011_thumbnails_postgres_sql},
    {"Migrations/0012_closings.sqlite.sql", Migrations_0012_closings_sqlite_sql, sizeof Migrations_0012_closings_sqlite_sql},
    {"Migrations/0012_former_uses.postgres.sql", Migrations_0012_former_uses_postgres_sql, sizeof Migrations_0012_former_uses_postgres_sql},
    {"Migrations/0013_composer.postgres.sql", Migrations_0013_composer_postgres_sql, sizeof Migrations_0013_composer_postgres_sql},
    {"Migrations/0013_markup.sqlite.sql", Migrations_0013_markup_sqlite_sql, sizeof Migrations_0013_markup_sqlite_sql},
    {"Migrations/0014_languages.postgres.sql", Migrations_0014_languages_postgres_sql, sizeof Migrations_0014_languages_postgres_sql},
    {"Migrations/0014_tags.sqlite.sql", Migrations_0014_tags_sqlite_sql, sizeof Migrations_0014_tags_sqlite_sql},
    {"Migrations/0015_names.sqlite.sql", Migrations_0015_names_sqlite_sql, sizeof Migrations_0015_names_sqlite_sql},
    {"Migrations/0015_site.postgres.sql", Migrations_0015_site_postgres_sql, sizeof Migrations_0015_site_postgres_sql},
    {"Migrations/0016_lookups.postgres.sql", Migrations_0016_lookups_postgres_sql, sizeof Migrations_0016_lookups_postgres_sql},
    {"Migrations/0016_tag_keys.sqlite.sql", Migrations_0016_tag_keys_sqlite_sql, sizeof Migrations_0016_tag_keys_sqlite_sql},
    {"Migrations/0017_presences.postgres.sql", Migrations_0017_presences_postgres_sql, sizeof Migrations_0017_presences_postgres_sql},
    {"Migrations/0017_webhooks.sqlite.sql", Migrations_0017_webhooks_sqlite_sql, sizeof Migrations_0017_webhooks_sqlite_sql},
    {"Migrations/0018_media.sqlite.sql", Migrations_0018_media_sqlite_sql, sizeof Migrations_0018_media_sqlite_sql},
    {"Migrations/0019_cards.sqlite.sql", Migrations_0019_cards_sqlite_sql, sizeof Migrations_0019_cards_sqlite_sql},
    {"Migrations/0020_push.sqlite.sql", Migrations_0020_push_sqlite_sql, sizeof Migrations_0020_push_sqlite_sql},
    {"Migrations/0021_ending.sqlite.sql", Migrations_0021_ending_sqlite_sql, sizeof Migrations_0021_ending_sqlite_sql},
    {"Migrations/0022_moves.sqlite.sql", Migrations_0022_moves_sqlite_sql, sizeof Migrations_0022_moves_sqlite_sql},
    {"Migrations/0023_notes.sqlite.sql", Migrations_0023_notes_sqlite_sql, sizeof Migrations_0023_notes_sqlite_sql},
    {"Migrations/0024_reaction_kinds.sqlite.sql", Migrations_0024_reaction_kinds_sqlite_sql, sizeof Migrations_0024_reaction_kinds_sqlite_sql},
    {"Migrations/0025_bin_members.sqlite.sql", Migrations_0025_bin_members_sqlite_sql, sizeof Migrations_0025_bin_members_sqlite_sql},
    {"Migrations/0026_thumbnails.sqlite.sql", Migrations_0026_thumbnails_sqlite_sql, sizeof Migrations_0026_thumbnails_sqlite_sql},
    {"Migrations/0027_former_uses.sqlite.sql", Migrations_0027_former_uses_sqlite_sql, sizeof Migrations_0027_former_uses_sqlite_sql},
    {"Migrations/0028_composer.sqlite.sql", Migrations_0028_composer_sqlite_sql, sizeof Migrations_0028_composer_sqlite_sql},
    {"Migrations/0029_languages.sqlite.sql", Migrations_0029_languages_sqlite_sql, sizeof Migrations_0029_languages_sqlite_sql},
    {"Migrations/0030_site.sqlite.sql", Migrations_0030_site_sqlite_sql, sizeof Migrations_0030_site_sqlite_sql},
    {"Migrations/0031_lookups.sqlite.sql", Migrations_0031_lookups_sqlite_sql, sizeof Migrations_0031_lookups_sqlite_sql},
    {"Migrations/0032_presences.sqlite.sql", Migrations_0032_presences_sqlite_sql, sizeof Migrations_0032_presences_sqlite_sql},
    {"Sources/Web/Files/client/backoff.js", Sources_Web_Files_client_backoff_js, sizeof Sources_Web_Files_client_backoff_js},
    {"Sources/Web/Files/client/client-follower.js", Sources_Web_Files_client_client_follower_js, sizeof Sources_Web_Files_client_client_follower_js},
    {"Sources/Web/Files/client/client.d.ts", Sources_Web_Files_client_client_d_ts, sizeof Sources_Web_Files_client_client_d_ts},
    {"Sources/Web/Files/client/environment.js", Sources_Web_Files_client_environment_js, sizeof Sources_Web_Files_client_environment_js},
    {"Sources/Web/Files/client/event-parser.js", Sources_Web_Files_client_event_parser_js, sizeof Sources_Web_Files_client_event_parser_js},
    {"Sources/Web/Files/client/event-stream.js", Sources_Web_Files_client_event_stream_js, sizeof Sources_Web_Files_client_event_stream_js},
    {"Sources/Web/Files/client/events.js", Sources_Web_Files_client_events_js, sizeof Sources_Web_Files_client_events_js},
    {"Sources/Web/Files/client/feed.js", Sources_Web_Files_client_feed_js, sizeof Sources_Web_Files_client_feed_js},
    {"Sources/Web/Files/client/follower.js", Sources_Web_Files_client_follower_js, sizeof Sources_Web_Files_client_follower_js},
    {"Sources/Web/Files/client/pause.js", Sources_Web_Files_client_pause_js, sizeof Sources_Web_Files_client_pause_js},
    {"Sources/Web/Files/client/requests.js", Sources_Web_Files_client_requests_js, sizeof Sources_Web_Files_client_requests_js},
    {"Sources/Web/Files/client/shared-polls.js", Sources_Web_Files_client_shared_polls_js, sizeof Sources_Web_Files_client_shared_polls_js},
    {"Sources/Web/Files/desk/actions.js", Sources_Web_Files_desk_actions_js, sizeof Sources_Web_Files_desk_actions_js},
    {"Sources/Web/Files/desk/api.js", Sources_Web_Files_desk_api_js, sizeof Sources_Web_Files_desk_api_js},
    {"Sources/Web/Files/desk/appearance.js", Sources_Web_Files_desk_appearance_js, sizeof Sources_Web_Files_desk_appearance_js},
    {"Sources/Web/Files/desk/audit-trail.js", Sources_Web_Files_desk_audit_trail_js, sizeof Sources_Web_Files_desk_audit_trail_js},
    {"Sources/Web/Files/desk/author-question.js", Sources_Web_Files_desk_author_question_js, sizeof Sources_Web_Files_desk_author_question_js},
    {"Sources/Web/Files/desk/autosave.js", Sources_Web_Files_desk_autosave_js, sizeof Sources_Web_Files_desk_autosave_js},
    {"Sources/Web/Files/desk/bin.js", Sources_Web_Files_desk_bin_js, sizeof Sources_Web_Files_desk_bin_js},
    {"Sources/Web/Files/desk/bulk.js", Sources_Web_Files_desk_bulk_js, sizeof Sources_Web_Files_desk_bulk_js},
    {"Sources/Web/Files/desk/clean.js", Sources_Web_Files_desk_clean_js, sizeof Sources_Web_Files_desk_clean_js},
    {"Sources/Web/Files/desk/colleagues.js", Sources_Web_Files_desk_colleagues_js, sizeof Sources_Web_Files_desk_colleagues_js},
    {"Sources/Web/Files/desk/columns.js", Sources_Web_Files_desk_columns_js, sizeof Sources_Web_Files_desk_columns_js},
    {"Sources/Web/Files/desk/composer.js", Sources_Web_Files_desk_composer_js, sizeof Sources_Web_Files_desk_composer_js},
    {"Sources/Web/Files/desk/conflict.js", Sources_Web_Files_desk_conflict_js, sizeof Sources_Web_Files_desk_conflict_js},
    {"Sources/Web/Files/desk/contrast.js", Sources_Web_Files_desk_contrast_js, sizeof Sources_Web_Files_desk_contrast_js},
    {"Sources/Web/Files/desk/desk.css", Sources_Web_Files_desk_desk_css, sizeof Sources_Web_Files_desk_desk_css},
    {"Sources/Web/Files/desk/desk.html", Sources_Web_Files_desk_desk_html, sizeof Sources_Web_Files_desk_desk_html},
    {"Sources/Web/Files/desk/desk.js", Sources_Web_Files_desk_desk_js, sizeof Sources_Web_Files_desk_desk_js},
    {"Sources/Web/Files/desk/dialogs.js", Sources_Web_Files_desk_dialogs_js, sizeof Sources_Web_Files_desk_dialogs_js},
    {"Sources/Web/Files/desk/diff.js", Sources_Web_Files_desk_diff_js, sizeof Sources_Web_Files_desk_diff_js},
    {"Sources/Web/Files/desk/drafts.js", Sources_Web_Files_desk_drafts_js, sizeof Sources_Web_Files_desk_drafts_js},
    {"Sources/Web/Files/desk/editor.js", Sources_Web_Files_desk_editor_js, sizeof Sources_Web_Files_desk_editor_js},
    {"Sources/Web/Files/desk/elements.js", Sources_Web_Files_desk_elements_js, sizeof Sources_Web_Files_desk_elements_js},
    {"Sources/Web/Files/desk/embed-address.js", Sources_Web_Files_desk_embed_address_js, sizeof Sources_Web_Files_desk_embed_address_js},
    {"Sources/Web/Files/desk/embed-code.js", Sources_Web_Files_desk_embed_code_js, sizeof Sources_Web_Files_desk_embed_code_js},
    {"Sources/Web/Files/desk/embed-dialog.js", Sources_Web_Files_desk_embed_dialog_js, sizeof Sources_Web_Files_desk_embed_dialog_js},
    {"Sources/Web/Files/desk/field-errors.js", Sources_Web_Files_desk_field_errors_js, sizeof Sources_Web_Files_desk_field_errors_js},
    {"Sources/Web/Files/desk/fields.js", Sources_Web_Files_desk_fields_js, sizeof Sources_Web_Files_desk_fields_js},
    {"Sources/Web/Files/desk/find.js", Sources_Web_Files_desk_find_js, sizeof Sources_Web_Files_desk_find_js},
    {"Sources/Web/Files/desk/focus-dialog.js", Sources_Web_Files_desk_focus_dialog_js, sizeof Sources_Web_Files_desk_focus_dialog_js},
    {"Sources/Web/Files/desk/focus.js", Sources_Web_Files_desk_focus_js, sizeof Sources_Web_Files_desk_focus_js},
    {"Sources/Web/Files/desk/font-upload.js", Sources_Web_Files_desk_font_upload_js, sizeof Sources_Web_Files_desk_font_upload_js},
    {"Sources/Web/Files/desk/form-parts.js", Sources_Web_Files_desk_form_parts_js, sizeof Sources_Web_Files_desk_form_parts_js},
    {"Sources/Web/Files/desk/fuzzy.js", Sources_Web_Files_desk_fuzzy_js, sizeof Sources_Web_Files_desk_fuzzy_js},
    {"Sources/Web/Files/desk/handover.js", Sources_Web_Files_desk_handover_js, sizeof Sources_Web_Files_desk_handover_js},
    {"Sources/Web/Files/desk/history.js", Sources_Web_Files_desk_history_js, sizeof Sources_Web_Files_desk_history_js},
    {"Sources/Web/Files/desk/import.js", Sources_Web_Files_desk_import_js, sizeof Sources_Web_Files_desk_import_js},
    {"Sources/Web/Files/desk/labels.js", Sources_Web_Files_desk_labels_js, sizeof Sources_Web_Files_desk_labels_js},
    {"Sources/Web/Files/desk/language.js", Sources_Web_Files_desk_language_js, sizeof Sources_Web_Files_desk_language_js},
    {"Sources/Web/Files/desk/links.js", Sources_Web_Files_desk_links_js, sizeof Sources_Web_Files_desk_links_js},
    {"Sources/Web/Files/desk/list-walk.js", Sources_Web_Files_desk_list_walk_js, sizeof Sources_Web_Files_desk_list_walk_js},
    {"Sources/Web/Files/desk/local-times.js", Sources_Web_Files_desk_local_times_js, sizeof Sources_Web_Files_desk_local_times_js},
    {"Sources/Web/Files/desk/markdown-control.js", Sources_Web_Files_desk_markdown_control_js, sizeof Sources_Web_Files_desk_markdown_control_js},
    {"Sources/Web/Files/desk/markdown-edit.js", Sources_Web_Files_desk_markdown_edit_js, sizeof Sources_Web_Files_desk_markdown_edit_js},
    {"Sources/Web/Files/desk/media-controls.js", Sources_Web_Files_desk_media_controls_js, sizeof Sources_Web_Files_desk_media_controls_js},
    {"Sources/Web/Files/desk/media-request.js", Sources_Web_Files_desk_media_request_js, sizeof Sources_Web_Files_desk_media_request_js},
    {"Sources/Web/Files/desk/media-row.js", Sources_Web_Files_desk_media_row_js, sizeof Sources_Web_Files_desk_media_row_js},
    {"Sources/Web/Files/desk/media-rows.js", Sources_Web_Files_desk_media_rows_js, sizeof Sources_Web_Files_desk_media_rows_js},
    {"Sources/Web/Files/desk/merge-lines.js", Sources_Web_Files_desk_merge_lines_js, sizeof Sources_Web_Files_desk_merge_lines_js},
    {"Sources/Web/Files/desk/merge.js", Sources_Web_Files_desk_merge_js, sizeof Sources_Web_Files_desk_merge_js},
    {"Sources/Web/Files/desk/move-dialog.js", Sources_Web_Files_desk_move_dialog_js, sizeof Sources_Web_Files_desk_move_dialog_js},
    {"Sources/Web/Files/desk/navigation.js", Sources_Web_Files_desk_navigation_js, sizeof Sources_Web_Files_desk_navigation_js},
    {"Sources/Web/Files/desk/news-signal.js", Sources_Web_Files_desk_news_signal_js, sizeof Sources_Web_Files_desk_news_signal_js},
    {"Sources/Web/Files/desk/night.css", Sources_Web_Files_desk_night_css, sizeof Sources_Web_Files_desk_night_css},
    {"Sources/Web/Files/desk/notify-tick.js", Sources_Web_Files_desk_notify_tick_js, sizeof Sources_Web_Files_desk_notify_tick_js},
    {"Sources/Web/Files/desk/outbox.js", Sources_Web_Files_desk_outbox_js, sizeof Sources_Web_Files_desk_outbox_js},
    {"Sources/Web/Files/desk/outline-entries.js", Sources_Web_Files_desk_outline_entries_js, sizeof Sources_Web_Files_desk_outline_entries_js},
    {"Sources/Web/Files/desk/outline.js", Sources_Web_Files_desk_outline_js, sizeof Sources_Web_Files_desk_outline_js},
    {"Sources/Web/Files/desk/page-frame.js", Sources_Web_Files_desk_page_frame_js, sizeof Sources_Web_Files_desk_page_frame_js},
    {"Sources/Web/Files/desk/page-words.js", Sources_Web_Files_desk_page_words_js, sizeof Sources_Web_Files_desk_page_words_js},
    {"Sources/Web/Files/desk/paged-part.js", Sources_Web_Files_desk_paged_part_js, sizeof Sources_Web_Files_desk_paged_part_js},
    {"Sources/Web/Files/desk/palette.js", Sources_Web_Files_desk_palette_js, sizeof Sources_Web_Files_desk_palette_js},
    {"Sources/Web/Files/desk/paste-nodes.js", Sources_Web_Files_desk_paste_nodes_js, sizeof Sources_Web_Files_desk_paste_nodes_js},
    {"Sources/Web/Files/desk/pending.js", Sources_Web_Files_desk_pending_js, sizeof Sources_Web_Files_desk_pending_js},
    {"Sources/Web/Files/desk/phone.css", Sources_Web_Files_desk_phone_css, sizeof Sources_Web_Files_desk_phone_css},
    {"Sources/Web/Files/desk/phrases.js", Sources_Web_Files_desk_phrases_js, sizeof Sources_Web_Files_desk_phrases_js},
    {"Sources/Web/Files/desk/picture-files.js", Sources_Web_Files_desk_picture_files_js, sizeof Sources_Web_Files_desk_picture_files_js},
    {"Sources/Web/Files/desk/picture-input.js", Sources_Web_Files_desk_picture_input_js, sizeof Sources_Web_Files_desk_picture_input_js},
    {"Sources/Web/Files/desk/pictures.css", Sources_Web_Files_desk_pictures_css, sizeof Sources_Web_Files_desk_pictures_css},
    {"Sources/Web/Files/desk/pictures.js", Sources_Web_Files_desk_pictures_js, sizeof Sources_Web_Files_desk_pictures_js},
    {"Sources/Web/Files/desk/poll-loop.js", Sources_Web_Files_desk_poll_loop_js, sizeof Sources_Web_Files_desk_poll_loop_js},
    {"Sources/Web/Files/desk/presence.js", Sources_Web_Files_desk_presence_js, sizeof Sources_Web_Files_desk_presence_js},
    {"Sources/Web/Files/desk/preview.js", Sources_Web_Files_desk_preview_js, sizeof Sources_Web_Files_desk_preview_js},
    {"Sources/Web/Files/desk/publish-check.js", Sources_Web_Files_desk_publish_check_js, sizeof Sources_Web_Files_desk_publish_check_js},
    {"Sources/Web/Files/desk/restored-edits.js", Sources_Web_Files_desk_restored_edits_js, sizeof Sources_Web_Files_desk_restored_edits_js},
    {"Sources/Web/Files/desk/retry.js", Sources_Web_Files_desk_retry_js, sizeof Sources_Web_Files_desk_retry_js},
    {"Sources/Web/Files/desk/rich-paste.js", Sources_Web_Files_desk_rich_paste_js, sizeof Sources_Web_Files_desk_rich_paste_js},
    {"Sources/Web/Files/desk/route.js", Sources_Web_Files_desk_route_js, sizeof Sources_Web_Files_desk_route_js},
    {"Sources/Web/Files/desk/row-dragging.js", Sources_Web_Files_desk_row_dragging_js, sizeof Sources_Web_Files_desk_row_dragging_js},
    {"Sources/Web/Files/desk/rows.js", Sources_Web_Files_desk_rows_js, sizeof Sources_Web_Files_desk_rows_js},
    {"Sources/Web/Files/desk/save.js", Sources_Web_Files_desk_save_js, sizeof Sources_Web_Files_desk_save_js},
    {"Sources/Web/Files/desk/search-query.js", Sources_Web_Files_desk_search_query_js, sizeof Sources_Web_Files_desk_search_query_js},
    {"Sources/Web/Files/desk/selection-bar.js", Sources_Web_Files_desk_selection_bar_js, sizeof Sources_Web_Files_desk_selection_bar_js},
    {"Sources/Web/Files/desk/selection.js", Sources_Web_Files_desk_selection_js, sizeof Sources_Web_Files_desk_selection_js},
    {"Sources/Web/Files/desk/server-copy.js", Sources_Web_Files_desk_server_copy_js, sizeof Sources_Web_Files_desk_server_copy_js},
    {"Sources/Web/Files/desk/session.js", Sources_Web_Files_desk_session_js, sizeof Sources_Web_Files_desk_session_js},
    {"Sources/Web/Files/desk/settings.js", Sources_Web_Files_desk_settings_js, sizeof Sources_Web_Files_desk_settings_js},
    {"Sources/Web/Files/desk/shortcuts.js", Sources_Web_Files_desk_shortcuts_js, sizeof Sources_Web_Files_desk_shortcuts_js},
    {"Sources/Web/Files/desk/sign-in.js", Sources_Web_Files_desk_sign_in_js, sizeof Sources_Web_Files_desk_sign_in_js},
    {"Sources/Web/Files/desk/site-controls.js", Sources_Web_Files_desk_site_controls_js, sizeof Sources_Web_Files_desk_site_controls_js},
    {"Sources/Web/Files/desk/site-fields.js", Sources_Web_Files_desk_site_fields_js, sizeof Sources_Web_Files_desk_site_fields_js},
    {"Sources/Web/Files/desk/site-preview.js", Sources_Web_Files_desk_site_preview_js, sizeof Sources_Web_Files_desk_site_preview_js},
    {"Sources/Web/Files/desk/site-revisions.js", Sources_Web_Files_desk_site_revisions_js, sizeof Sources_Web_Files_desk_site_revisions_js},
    {"Sources/Web/Files/desk/snippet-dialog.js", Sources_Web_Files_desk_snippet_dialog_js, sizeof Sources_Web_Files_desk_snippet_dialog_js},
    {"Sources/Web/Files/desk/snippet-menu.js", Sources_Web_Files_desk_snippet_menu_js, sizeof Sources_Web_Files_desk_snippet_menu_js},
    {"Sources/Web/Files/desk/snippets.js", Sources_Web_Files_desk_snippets_js, sizeof Sources_Web_Files_desk_snippets_js},
    {"Sources/Web/Files/desk/stable-list.js", Sources_Web_Files_desk_stable_list_js, sizeof Sources_Web_Files_desk_stable_list_js},
    {"Sources/Web/Files/desk/start.js", Sources_Web_Files_desk_start_js, sizeof Sources_Web_Files_desk_start_js},
    {"Sources/Web/Files/desk/status-dialog.js", Sources_Web_Files_desk_status_dialog_js, sizeof Sources_Web_Files_desk_status_dialog_js},
    {"Sources/Web/Files/desk/status-message.js", Sources_Web_Files_desk_status_message_js, sizeof Sources_Web_Files_desk_status_message_js},
    {"Sources/Web/Files/desk/storage.js", Sources_Web_Files_desk_storage_js, sizeof Sources_Web_Files_desk_storage_js},
    {"Sources/Web/Files/desk/stories.js", Sources_Web_Files_desk_stories_js, sizeof Sources_Web_Files_desk_stories_js},
    {"Sources/Web/Files/desk/story-export.js", Sources_Web_Files_desk_story_export_js, sizeof Sources_Web_Files_desk_story_export_js},
    {"Sources/Web/Files/desk/story-form.js", Sources_Web_Files_desk_story_form_js, sizeof Sources_Web_Files_desk_story_form_js},
    {"Sources/Web/Files/desk/story.js", Sources_Web_Files_desk_story_js, sizeof Sources_Web_Files_desk_story_js},
    {"Sources/Web/Files/desk/tab-channel.js", Sources_Web_Files_desk_tab_channel_js, sizeof Sources_Web_Files_desk_tab_channel_js},
    {"Sources/Web/Files/desk/text-control.js", Sources_Web_Files_desk_text_control_js, sizeof Sources_Web_Files_desk_text_control_js},
    {"Sources/Web/Files/desk/text-edit.js", Sources_Web_Files_desk_text_edit_js, sizeof Sources_Web_Files_desk_text_edit_js},
    {"Sources/Web/Files/desk/toolbar.js", Sources_Web_Files_desk_toolbar_js, sizeof Sources_Web_Files_desk_toolbar_js},
    {"Sources/Web/Files/desk/top-conflict.js", Sources_Web_Files_desk_top_conflict_js, sizeof Sources_Web_Files_desk_top_conflict_js},
    {"Sources/Web/Files/desk/top-form.js", Sources_Web_Files_desk_top_form_js, sizeof Sources_Web_Files_desk_top_form_js},
    {"Sources/Web/Files/desk/trail-texts.js", Sources_Web_Files_desk_trail_texts_js, sizeof Sources_Web_Files_desk_trail_texts_js},
    {"Sources/Web/Files/desk/trail-updates.js", Sources_Web_Files_desk_trail_updates_js, sizeof Sources_Web_Files_desk_trail_updates_js},
    {"Sources/Web/Files/desk/undo.js", Sources_Web_Files_desk_undo_js, sizeof Sources_Web_Files_desk_undo_js},
    {"Sources/Web/Files/desk/update-form.js", Sources_Web_Files_desk_update_form_js, sizeof Sources_Web_Files_desk_update_form_js},
    {"Sources/Web/Files/desk/update-item.js", Sources_Web_Files_desk_update_item_js, sizeof Sources_Web_Files_desk_update_item_js},
    {"Sources/Web/Files/desk/update-lists.js", Sources_Web_Files_desk_update_lists_js, sizeof Sources_Web_Files_desk_update_lists_js},
    {"Sources/Web/Files/desk/updates.js", Sources_Web_Files_desk_updates_js, sizeof Sources_Web_Files_desk_updates_js},
    {"Sources/Web/Files/desk/upload-wait.js", Sources_Web_Files_desk_upload_wait_js, sizeof Sources_Web_Files_desk_upload_wait_js},
    {"Sources/Web/Files/desk/uploads.js", Sources_Web_Files_desk_uploads_js, sizeof Sources_Web_Files_desk_uploads_js},
    {"Sources/Web/Files/desk/values.js", Sources_Web_Files_desk_values_js, sizeof Sources_Web_Files_desk_values_js},
    {"Sources/Web/Files/desk/views.css", Sources_Web_Files_desk_views_css, sizeof Sources_Web_Files_desk_views_css},
    {"Sources/Web/Files/desk/watch.js", Sources_Web_Files_desk_watch_js, sizeof Sources_Web_Files_desk_watch_js},
    {"Sources/Web/Files/desk/webhook-notices.js", Sources_Web_Files_desk_webhook_notices_js, sizeof Sources_Web_Files_desk_webhook_notices_js},
    {"Sources/Web/Files/desk/word-count.js", Sources_Web_Files_desk_word_count_js, sizeof Sources_Web_Files_desk_word_count_js},
    {"Sources/Web/Files/lightbox/lightbox.js", Sources_Web_Files_lightbox_lightbox_js, sizeof Sources_Web_Files_lightbox_lightbox_js},
    {"Sources/Web/Files/reader/bar.js", Sources_Web_Files_reader_bar_js, sizeof Sources_Web_Files_reader_bar_js},
    {"Sources/Web/Files/reader/bell.js", Sources_Web_Files_reader_bell_js, sizeof Sources_Web_Files_reader_bell_js},
    {"Sources/Web/Files/reader/consent.js", Sources_Web_Files_reader_consent_js, sizeof Sources_Web_Files_reader_consent_js},
    {"Sources/Web/Files/reader/extras.js", Sources_Web_Files_reader_extras_js, sizeof Sources_Web_Files_reader_extras_js},
    {"Sources/Web/Files/reader/fold.js", Sources_Web_Files_reader_fold_js, sizeof Sources_Web_Files_reader_fold_js},
    {"Sources/Web/Files/reader/front.js", Sources_Web_Files_reader_front_js, sizeof Sources_Web_Files_reader_front_js},
    {"Sources/Web/Files/reader/head.css", Sources_Web_Files_reader_head_css, sizeof Sources_Web_Files_reader_head_css},
    {"Sources/Web/Files/reader/last-visit.js", Sources_Web_Files_reader_last_visit_js, sizeof Sources_Web_Files_reader_last_visit_js},
    {"Sources/Web/Files/reader/live.css", Sources_Web_Files_reader_live_css, sizeof Sources_Web_Files_reader_live_css},
    {"Sources/Web/Files/reader/live.js", Sources_Web_Files_reader_live_js, sizeof Sources_Web_Files_reader_live_js},
    {"Sources/Web/Files/reader/navigation.js", Sources_Web_Files_reader_navigation_js, sizeof Sources_Web_Files_reader_navigation_js},
    {"Sources/Web/Files/reader/news-at-end.js", Sources_Web_Files_reader_news_at_end_js, sizeof Sources_Web_Files_reader_news_at_end_js},
    {"Sources/Web/Files/reader/page-feed.js", Sources_Web_Files_reader_page_feed_js, sizeof Sources_Web_Files_reader_page_feed_js},
    {"Sources/Web/Files/reader/push-worker.js", Sources_Web_Files_reader_push_worker_js, sizeof Sources_Web_Files_reader_push_worker_js},
    {"Sources/Web/Files/reader/search.css", Sources_Web_Files_reader_search_css, sizeof Sources_Web_Files_reader_search_css},
    {"Sources/Web/Files/reader/site.css", Sources_Web_Files_reader_site_css, sizeof Sources_Web_Files_reader_site_css},
    {"Sources/Web/Files/reader/sound.js", Sources_Web_Files_reader_sound_js, sizeof Sources_Web_Files_reader_sound_js},
    {"Sources/Web/Files/reader/story-markup.js", Sources_Web_Files_reader_story_markup_js, sizeof Sources_Web_Files_reader_story_markup_js},
    {"Sources/Web/Files/reader/update-summary.js", Sources_Web_Files_reader_update_summary_js, sizeof Sources_Web_Files_reader_update_summary_js},
    {"Sources/Web/Files/shared/card-sheets.js", Sources_Web_Files_shared_card_sheets_js, sizeof Sources_Web_Files_shared_card_sheets_js},
    {"Sources/Web/Files/shared/cards.js", Sources_Web_Files_shared_cards_js, sizeof Sources_Web_Files_shared_cards_js},
    {"Sources/Web/Files/shared/catalogue.js", Sources_Web_Files_shared_catalogue_js, sizeof Sources_Web_Files_shared_catalogue_js},
    {"Sources/Web/Files/shared/count-text.js", Sources_Web_Files_shared_count_text_js, sizeof Sources_Web_Files_shared_count_text_js},
    {"Sources/Web/Files/shared/dom.js", Sources_Web_Files_shared_dom_js, sizeof Sources_Web_Files_shared_dom_js},
    {"Sources/Web/Files/shared/enlarge.js", Sources_Web_Files_shared_enlarge_js, sizeof Sources_Web_Files_shared_enlarge_js},
    {"Sources/Web/Files/shared/favicon.ico", Sources_Web_Files_shared_favicon_ico, sizeof Sources_Web_Files_shared_favicon_ico},
    {"Sources/Web/Files/shared/icon-180.png", Sources_Web_Files_shared_icon_180_png, sizeof Sources_Web_Files_shared_icon_180_png},
    {"Sources/Web/Files/shared/icon-512.png", Sources_Web_Files_shared_icon_512_png, sizeof Sources_Web_Files_shared_icon_512_png},
    {"Sources/Web/Files/shared/icon.svg", Sources_Web_Files_shared_icon_svg, sizeof Sources_Web_Files_shared_icon_svg},
    {"Sources/Web/Files/shared/live-view.js", Sources_Web_Files_shared_live_view_js, sizeof Sources_Web_Files_shared_live_view_js},
    {"Sources/Web/Files/shared/markup.js", Sources_Web_Files_shared_markup_js, sizeof Sources_Web_Files_shared_markup_js},
    {"Sources/Web/Files/shared/messages.js", Sources_Web_Files_shared_messages_js, sizeof Sources_Web_Files_shared_messages_js},
    {"Sources/Web/Files/shared/picture.js", Sources_Web_Files_shared_picture_js, sizeof Sources_Web_Files_shared_picture_js},
    {"Sources/Web/Files/shared/scroll-anchor.js", Sources_Web_Files_shared_scroll_anchor_js, sizeof Sources_Web_Files_shared_scroll_anchor_js},
    {"Sources/Web/Files/shared/text-language.js", Sources_Web_Files_shared_text_language_js, sizeof Sources_Web_Files_shared_text_language_js},
    {"Sources/Web/Files/shared/times.js", Sources_Web_Files_shared_times_js, sizeof Sources_Web_Files_shared_times_js},
    {"Sources/Web/Files/shared/tone.js", Sources_Web_Files_shared_tone_js, sizeof Sources_Web_Files_shared_tone_js},
    {"Sources/Web/Files/shared/update-list.js", Sources_Web_Files_shared_update_list_js, sizeof Sources_Web_Files_shared_update_list_js},
    {"Sources/Web/Files/shared/visitor.js", Sources_Web_Files_shared_visitor_js, sizeof Sources_Web_Files_shared_visitor_js},
    {"Sources/Web/Files/shared/words.js", Sources_Web_Files_shared_words_js, sizeof Sources_Web_Files_shared_words_js},
    {"Sources/Web/Files/widget/brief-sheet.js", Sources_Web_Files_widget_brief_sheet_js, sizeof Sources_Web_Files_widget_brief_sheet_js},
    {"Sources/Web/Files/widget/embed-frame.js", Sources_Web_Files_widget_embed_frame_js, sizeof Sources_Web_Files_widget_embed_frame_js},
    {"Sources/Web/Files/widget/embed-live.js", Sources_Web_Files_widget_embed_live_js, sizeof Sources_Web_Files_widget_embed_live_js},
    {"Sources/Web/Files/widget/embed-page.js", Sources_Web_Files_widget_embed_page_js, sizeof Sources_Web_Files_widget_embed_page_js},
    {"Sources/Web/Files/widget/embed.js", Sources_Web_Files_widget_embed_js, sizeof Sources_Web_Files_widget_embed_js},
    {"Sources/Web/Files/widget/sheet.js", Sources_Web_Files_widget_sheet_js, sizeof Sources_Web_Files_widget_sheet_js},
    {"Sources/Web/Files/words/ar.json", Sources_Web_Files_words_ar_json, sizeof Sources_Web_Files_words_ar_json},
    {"Sources/Web/Files/words/de.json", Sources_Web_Files_words_de_json, sizeof Sources_Web_Files_words_de_json},
    {"Sources/Web/Files/words/desk/ar.json", Sources_Web_Files_words_desk_ar_json, sizeof Sources_Web_Files_words_desk_ar_json},
    {"Sources/Web/Files/words/desk/de.json", Sources_Web_Files_words_desk_de_json, sizeof Sources_Web_Files_words_desk_de_json},
    {"Sources/Web/Files/words/desk/en.json", Sources_Web_Files_words_desk_en_json, sizeof Sources_Web_Files_words_desk_en_json},
    {"Sources/Web/Files/words/desk/es.json", Sources_Web_Files_words_desk_es_json, sizeof Sources_Web_Files_words_desk_es_json},
    {"Sources/Web/Files/words/desk/fr.json", Sources_Web_Files_words_desk_fr_json, sizeof Sources_Web_Files_words_desk_fr_json},
    {"Sources/Web/Files/words/desk/he.json", Sources_Web_Files_words_desk_he_json, sizeof Sources_Web_Files_words_desk_he_json},
    {"Sources/Web/Files/words/desk/it.json", Sources_Web_Files_words_desk_it_json, sizeof Sources_Web_Files_words_desk_it_json},
    {"Sources/Web/Files/words/desk/ja.json", Sources_Web_Files_words_desk_ja_json, sizeof Sources_Web_Files_words_desk_ja_json},
    {"Sources/Web/Files/words/desk/nl.json", Sources_Web_Files_words_desk_nl_json, sizeof Sources_Web_Files_words_desk_nl_json},
    {"Sources/Web/Files/words/desk/pl.json", Sources_Web_Files_words_desk_pl_json, sizeof Sources_Web_Files_words_desk_pl_json},
    {"Sources/Web/Files/words/desk/pt.json", Sources_Web_Files_words_desk_pt_json, sizeof Sources_Web_Files_words_desk_pt_json},
    {"Sources/Web/Files/words/desk/uk.json", Sources_Web_Files_words_desk_uk_json, sizeof Sources_Web_Files_words_desk_uk_json},
    {"Sources/Web/Files/words/desk/zh-Hans.json", Sources_Web_Files_words_desk_zh_Hans_json, sizeof Sources_Web_Files_words_desk_zh_Hans_json},
    {"Sources/Web/Files/words/en.json", Sources_Web_Files_words_en_json, sizeof Sources_Web_Files_words_en_json},
    {"Sources/Web/Files/words/es.json", Sources_Web_Files_words_es_json, sizeof Sources_Web_Files_words_es_json},
    {"Sources/Web/Files/words/fr.json", Sources_Web_Files_words_fr_json, sizeof Sources_Web_Files_words_fr_json},
    {"Sources/Web/Files/words/he.json", Sources_Web_Files_words_he_json, sizeof Sources_Web_Files_words_he_json},
    {"Sources/Web/Files/words/it.json", Sources_Web_Files_words_it_json, sizeof Sources_Web_Files_words_it_json},
    {"Sources/Web/Files/words/ja.json", Sources_Web_Files_words_ja_json, sizeof Sources_Web_Files_words_ja_json},
    {"Sources/Web/Files/words/nl.json", Sources_Web_Files_words_nl_json, sizeof Sources_Web_Files_words_nl_json},
    {"Sources/Web/Files/words/pl.json", Sources_Web_Files_words_pl_json, sizeof Sources_Web_Files_words_pl_json},
    {"Sources/Web/Files/words/pt.json", Sources_Web_Files_words_pt_json, sizeof Sources_Web_Files_words_pt_json},
    {"Sources/Web/Files/words/uk.json", Sources_Web_Files_words_uk_json, sizeof Sources_Web_Files_words_uk_json},
    {"Sources/Web/Files/words/zh-Hans.json", Sources_Web_Files_words_zh_Hans_json, sizeof Sources_Web_Files_words_zh_Hans_json},
    {"openapi.yaml", openapi_yaml, sizeof openapi_yaml},
};

const struct resource *resource_table(void) { return table; }
size_t resource_count(void) { return sizeof table / sizeof *table; }
