<?php
/*
 * Makes the site of a WordPress, one post, and its comments.
 *
 *   php wordpress.php DIRECTORY THREAD.jsonl
 *
 * Prints "post ID".
 */

define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';

require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

// No mail is sent, and none is waited for.
add_filter('pre_wp_mail', '__return_true');

wp_install('Bench', 'bench', 'bench@example.org', true, '', 'bench');

update_option('comment_moderation', 0);
update_option('comment_previously_approved', 0);
update_option('comments_notify', 0);
update_option('moderation_notify', 0);
update_option('page_comments', 0);

$post = wp_insert_post(array('post_title' => 'A page with a thread',
    'post_content' => 'Words.', 'post_status' => 'publish'));
$ids = array();

foreach (file($argv[2]) as $line) {
    $entry = json_decode($line, true);
    $ids[$entry['id']] = wp_insert_comment(array(
        'comment_post_ID' => $post,
        'comment_author' => $entry['name'],
        'comment_author_email' => $entry['email'],
        'comment_content' => $entry['text'],
        'comment_parent' => isset($entry['parent']) ? $ids[$entry['parent']]
                                                    : 0,
        'comment_approved' => 1,
        'comment_date' => str_replace(array('T', 'Z'), array(' ', ''),
                                      $entry['created'])));
}

echo "post $post\n";
