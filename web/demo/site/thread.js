/*
 * Shows the comments of a page and posts new ones.
 *
 * The page carries
 *
 *   <section data-comments="/comments/" data-page="/library.html">
 *     <form action="/comments/comment" method="post"> ... </form>
 *   </section>
 *
 * and works without this script: the form then posts as any form does.
 * A <span data-comment-count="/library.html"> gets the number of comments.
 */

(() => {
  'use strict';

  const language = document.documentElement.lang || 'en';

  const words = {
    en: {
      reply: 'Reply', answering: 'Your answer to', cancel: 'Cancel',
      waits: 'This comment waits for a moderator. Only you can see it.',
      held: 'Thank you. A person will read your comment first.',
      posted: 'Thank you. Your comment is published.',
      more: 'More comments', none: 'No comments yet.',
      linked: 'mentions this page', closed: 'Comments are closed.',
      broken: 'That did not work. Please try again in a moment.',
      count: (n) => (n === 1 ? '1 comment' : n + ' comments'),
    },
    nb: {
      reply: 'Svar', answering: 'Ditt svar til', cancel: 'Avbryt',
      waits: 'Kommentaren venter på en moderator. Bare du ser den.',
      held: 'Takk! Kommentaren blir lest av et menneske først.',
      posted: 'Takk! Kommentaren er publisert.',
      more: 'Flere kommentarer', none: 'Ingen kommentarer ennå.',
      linked: 'omtaler denne siden', closed: 'Kommentarfeltet er stengt.',
      broken: 'Det gikk ikke. Prøv igjen om litt.',
      count: (n) => (n === 1 ? '1 kommentar' : n + ' kommentarer'),
    },
  }[language] || null;

  if (!words) {
    return;
  }

  const dateFormat = new Intl.DateTimeFormat(language,
    { dateStyle: 'long', timeStyle: 'short' });


  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }


  // The server writes this HTML from an allow list.  It is parsed in a
  // document of its own, where nothing runs or loads, and moved over.

  function fromServer(html) {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    const fragment = document.createDocumentFragment();
    fragment.append(...parsed.body.childNodes);
    return fragment;
  }


  function authorOf(comment) {
    const name = comment.author.name || '?';
    const url = comment.author.url;

    if (url && /^https?:\/\//i.test(url)) {
      return element('a', { href: url, rel: 'nofollow ugc noopener' }, name);
    }
    return element('b', {}, name);
  }


  async function getJson(address) {
    const answer = await fetch(address,
      { headers: { Accept: 'application/json' } });
    if (!answer.ok) {
      throw new Error(address + ': ' + answer.status);
    }
    return answer.json();
  }


  function newToken() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  }


  class Thread {
    constructor(section) {
      this.section = section;
      this.base = section.dataset.comments;
      this.page = section.dataset.page;
      this.sort = section.dataset.sort || 'oldest';
      this.form = section.querySelector('form');
      this.heading = section.querySelector('h2');
      this.list = element('ol');
      this.items = new Map();            // id => <li>
      this.more = element('button', { type: 'button', hidden: true },
        words.more);
      this.notice = element('p', { tabIndex: -1, hidden: true });
      this.answering = element('p', { hidden: true });
      this.token = newToken();

      this.heading.after(this.list, this.more);
      this.form.prepend(this.answering);
      this.form.after(this.notice);
      this.form.addEventListener('submit', (event) => {
        event.preventDefault();
        this.post();
      });
      this.more.addEventListener('click', () => this.load(this.next));
    }

    async load(after) {
      const query = new URLSearchParams(
        { page: this.page, sort: this.sort });
      if (after) {
        query.set('after', after);
      } else {
        this.items.clear();
      }

      const thread = await getJson(this.base + 'thread?' + query);

      if (!after) {
        this.list.replaceChildren();
      }
      for (const comment of thread.comments) {
        this.add(comment);
      }
      this.next = thread.next;
      this.more.hidden = !thread.next;
      this.heading.textContent = thread.count || this.items.size
        ? words.count(thread.count) : words.none;
      if (thread.closed) {
        this.form.replaceWith(words.closed);
      }
    }

    // Comments come in display order, parents first.
    add(comment) {
      const article = element('article', {
        id: 'comment-' + comment.id,
        className: 'comment ' + comment.kind,
      });
      const time = element('time', { dateTime: comment.created },
        dateFormat.format(new Date(comment.created)));

      article.append(element('footer', {}, authorOf(comment),
        comment.kind === 'comment' ? '' : ' ' + words.linked, time));
      if (comment.status === 'pending') {
        article.append(element('p', { className: 'waits' }, words.waits));
      }
      article.append(fromServer(comment.html));
      if (comment.kind === 'comment' && comment.status === 'approved') {
        const reply = element('button', { type: 'button' }, words.reply);
        reply.addEventListener('click', () => this.answer(comment));
        article.append(reply);
      }

      const item = element('li', {}, article);
      const parent = this.items.get(String(comment.parent));
      let list = this.list;
      if (parent) {
        list = parent.querySelector(':scope > ol')
          || parent.appendChild(element('ol'));
      }
      list.append(item);
      this.items.set(String(comment.id), item);
    }

    // The form's hidden parent field; null takes it away again.
    answer(comment) {
      this.parent = comment ? comment.id : null;
      this.answering.hidden = !comment;
      if (!comment) {
        return;
      }

      const cancel = element('button', { type: 'button' }, words.cancel);
      cancel.addEventListener('click', () => this.answer(null));
      this.answering.replaceChildren(
        words.answering + ' ' + comment.author.name + ' ', cancel);
      this.form.elements.text.focus();
    }

    async post() {
      const fields = Object.fromEntries(new FormData(this.form));
      fields.token = this.token;
      if (this.parent) {
        fields.parent = this.parent;
      }

      const button = this.form.querySelector('button:not([type])');
      button.disabled = true;
      try {
        const answer = await fetch(this.form.action, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            Accept: 'application/json',
          },
          body: JSON.stringify(fields),
        });
        const said = await answer.json();
        if (answer.ok) {
          await this.posted(said, answer.status);
        } else {
          this.refused(said.error);
        }
      } catch {
        this.refused({ message: words.broken });
      } finally {
        button.disabled = false;
      }
    }

    // The token stays the same until a post has arrived, so that one that is
    // sent twice is kept once.
    async posted(comment, status) {
      this.token = newToken();
      this.form.elements.text.value = '';
      this.answer(null);
      this.say('status', comment.message
        || (status === 202 ? words.held : words.posted));

      await this.load();
      this.show('comment-' + comment.id);
    }

    refused(error) {
      const field = error.field && this.form.elements[error.field];
      this.say('alert', error.message);
      if (field && field.type !== 'hidden') {
        field.setAttribute('aria-invalid', 'true');
        field.focus();
      } else {
        this.notice.focus();
      }
    }

    say(role, text) {
      for (const field of this.form.querySelectorAll('[aria-invalid]')) {
        field.removeAttribute('aria-invalid');
      }
      this.notice.setAttribute('role', role);
      this.notice.textContent = text;
      this.notice.hidden = false;
    }

    show(id) {
      const article = document.getElementById(id);
      if (article) {
        article.classList.add('new');
        article.scrollIntoView({ block: 'center' });
      }
    }
  }


  async function showThread(section) {
    const thread = new Thread(section);
    await thread.load();
    if (location.hash.startsWith('#comment-')) {
      thread.show(location.hash.slice(1));
    }
  }


  async function showCounts(spans) {
    const query = new URLSearchParams();
    for (const span of spans) {
      query.append('page', span.dataset.commentCount);
    }

    const { counts } = await getJson('/comments/count?' + query);
    for (const span of spans) {
      span.textContent = words.count(counts[span.dataset.commentCount]);
    }
  }


  for (const section of document.querySelectorAll('[data-comments]')) {
    showThread(section).catch((error) => console.error(error));
  }

  const spans = [...document.querySelectorAll('[data-comment-count]')];
  if (spans.length) {
    showCounts(spans).catch((error) => console.error(error));
  }
})();
