/*
 * words.js: what the script says, in the language of the page.
 */

import { plural } from '../common/plural.js';

// Only until the catalogue of the page's language is there.
export const words = {
  comment_edit: 'Edit', comment_delete: 'Delete', comment_save: 'Save',
  comment_delete_sure: 'Delete this comment? It cannot be brought back.',
  comment_cancel: 'Cancel', comment_like: 'Like', comment_report: 'Report',
  comment_report_reason: 'What is wrong with this comment?',
  comment_reported: 'Thank you. A moderator will look at it.',
  comment_deleted: 'This comment was deleted.', comment_edited: 'edited',
  comments_new: { one: '{count} new comment', other: '{count} new comments' },
  comments_count: { one: '{count} comment', other: '{count} comments' },
  form_preview: 'Preview', form_text: 'Comment', form_cancel: 'Cancel reply',
  form_sending: 'Sending …', form_sent: 'Your comment is published.',
  form_held: 'Thank you. A moderator will read this first.',
  form_offline: 'The comment could not be sent. What you wrote is kept; ' +
    'please try again.',
  form_remember: 'Save my name, e-mail and website in this browser for the ' +
    'next time I comment.',
  share_copied: 'The link is copied.',
  form_draft: 'Your unfinished comment is back.',
  form_work: 'Your browser is working for your comment: {percent} %',
};

export const counted = (key, n, lang) => plural(words[key], n, lang || 'en');
