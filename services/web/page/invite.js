// The dialog that starts a conversation: find people, choose one for a chat or several for a group.

import { byId, keepInStep, make, paintAvatar, set } from '/dom.js';

const PAUSE_MS = 200;

export class Invite {
  #chat;
  #done;
  #mode;
  #chosen = new Map();
  #found = [];
  #search = 0;
  #timer;

  constructor(chat, done, signal) {
    this.#chat = chat;
    this.#done = done;
    byId('people-query').addEventListener('input', () => this.#searchSoon(), { signal });
    byId('invite-cancel').addEventListener('click', () => byId('invite').close(), { signal });
    byId('invite-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    }, { signal });
  }

  open(mode) {
    this.#mode = mode;
    this.#chosen.clear();
    this.#found = [];
    byId('invite-form').reset();
    const isGroup = mode === 'group';
    set(byId('invite-title'), { text: isGroup ? 'New group' : 'New chat' });
    byId('invite').querySelectorAll('[data-only]').forEach((part) => { part.hidden = part.dataset.only !== mode; });
    this.#say('');
    this.#draw();
    byId('invite').showModal();
    byId(isGroup ? 'group-name' : 'people-query').focus();
  }

  #searchSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(byId('people-query').value.trim()), PAUSE_MS);
  }

  async #look(query) {
    this.#search += 1;
    const search = this.#search;
    this.#say('');
    try {
      const found = query ? await this.#chat.search(query) : [];
      // Answers may overtake one another; only the last question counts.
      if (search !== this.#search) return;
      this.#found = found;
      set(byId('people-note'), { text: query && !found.length ? `Nobody's username begins with “${query}”.` : '' });
    } catch (problem) {
      this.#say(problem.message);
    }
    this.#draw();
  }

  /** Enter in a chat takes the only person found; in a group it creates the group. */
  #submit() {
    if (this.#mode === 'pair') {
      if (this.#found.length === 1) this.#choose(this.#found[0]);
      return;
    }
    const name = byId('group-name').value.trim();
    if (!name) this.#say('Please give the group a name.', 'group-name');
    else if (!this.#chosen.size) this.#say('Please choose at least one person.', 'people-query');
    else this.#create({ isGroup: true, name, memberIds: [...this.#chosen.keys()] });
  }

  #choose(user) {
    if (this.#mode === 'pair') {
      this.#create({ isGroup: false, memberIds: [user.id] });
      return;
    }
    if (!this.#chosen.delete(user.id)) this.#chosen.set(user.id, user);
    this.#draw();
  }

  async #create(wanted) {
    this.#say('');
    try {
      const room = await this.#chat.createRoom(wanted);
      byId('invite').close();
      this.#done(room);
    } catch (problem) {
      this.#say(problem.message);
    }
  }

  #say(message, field) {
    byId('invite-error').textContent = message;
    if (field) byId(field).focus();
  }

  #draw() {
    keepInStep(byId('people-found'), this.#found, {
      key: (user) => user.id,
      create: (user) => this.#createPerson(user),
      update: (item, user) => set(item.firstChild, { 'aria-pressed': this.#mode === 'group' && String(this.#chosen.has(user.id)) }),
    });
    keepInStep(byId('people-chosen'), [...this.#chosen.values()], {
      key: (user) => user.id,
      create: (user) => {
        const chip = make('button', { type: 'button', text: user.username, 'aria-label': `Remove ${user.username}` });
        chip.addEventListener('click', () => this.#choose(user));
        return make('li', {}, chip);
      },
    });
  }

  #createPerson(user) {
    const avatar = make('span', { 'aria-hidden': 'true' });
    paintAvatar(avatar, { id: user.id, name: user.displayName || user.username });
    const button = make('button', { type: 'button' }, avatar,
      make('span', { class: 'title', text: user.displayName || user.username }),
      user.displayName ? make('span', { class: 'quiet', text: `@${user.username}` }) : null);
    button.addEventListener('click', () => this.#choose(user));
    return make('li', {}, button);
  }
}
