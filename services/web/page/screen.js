// The chat on the screen: draws what `Chat` says, and tells it what the person does.

import { ago, byId, clock, dayOf, keepInStep, make, paintAvatar, set, when } from '/dom.js';
import { Invite } from '/invite.js';

const NEAR_BOTTOM_PX = 80;
const NEAR_TOP_PX = 200;
const STOPPED_TYPING_MS = 4_000;
const MAX_BYTES = 8_192;
// Messages of one sender within this time look like one block.
const BLOCK_MS = 5 * 60_000;
const BANNERS = {
  connecting: 'Connecting…',
  offline: 'No connection. Trying again… What you write is sent as soon as it is back.',
  draining: 'The server is being restarted. One moment…',
};

export class Screen {
  #chat;
  #leave = new AbortController();
  #drafts = new Map();
  #shown;
  #typingTimer;

  constructor(chat) {
    this.#chat = chat;
    this.#on(chat, 'change', () => this.#draw());
    this.#on(byId('log-out'), 'click', () => chat.close());
    this.#on(byId('back'), 'click', () => this.#show(undefined));
    this.#on(byId('to-newest'), 'click', () => this.#toNewest());
    this.#on(byId('history'), 'scroll', () => this.#scrolled());
    this.#on(document, 'visibilitychange', () => chat.markRead());
    this.#on(byId('composer'), 'submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#on(byId('draft'), 'input', () => this.#drafting());
    this.#on(byId('draft'), 'keydown', (event) => {
      // An input method uses Enter to choose a character.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    const invite = new Invite(chat, (room) => this.#show(room.id), this.#leave.signal);
    this.#on(byId('new-chat'), 'click', () => invite.open('pair'));
    this.#on(byId('new-group'), 'click', () => invite.open('group'));
    byId('chat').hidden = false;
    this.#show(undefined);
  }

  close() {
    this.#leave.abort();
    clearTimeout(this.#typingTimer);
    ['chat', 'banner', 'room'].forEach((id) => { byId(id).hidden = true; });
    ['rooms', 'messages'].forEach((id) => byId(id).replaceChildren());
    byId('invite').close();
    byId('draft').value = '';
    document.title = 'Confab';
  }

  #on(target, name, handler) {
    target.addEventListener(name, handler, { signal: this.#leave.signal });
  }

  // --- what the person does ------------------------------------------------------------------------

  #show(roomId) {
    if (this.#shown) this.#drafts.set(this.#shown, byId('draft').value);
    this.#shown = roomId;
    byId('chat').classList.toggle('is-open', Boolean(roomId));
    byId('messages').replaceChildren();
    byId('draft').value = this.#drafts.get(roomId) ?? '';
    this.#complain('');
    this.#open(roomId);
    this.#draw();
    this.#fit();
    this.#toNewest();
    if (roomId) byId('draft').focus();
  }

  async #open(roomId) {
    try {
      await this.#chat.open(roomId);
      if (!roomId || roomId !== this.#shown) return;
      this.#draw();
      // On a tall screen the first page may not reach to the top.
      this.#scrolled();
    } catch (problem) {
      this.#complain(problem.message);
    }
  }

  #send() {
    const draft = byId('draft');
    const content = draft.value.trim();
    if (!content) return;
    if (new TextEncoder().encode(content).length > MAX_BYTES) {
      this.#complain(`This is longer than ${MAX_BYTES} bytes. Please send it in parts.`);
      return;
    }
    draft.value = '';
    clearTimeout(this.#typingTimer);
    this.#fit();
    this.#complain('');
    this.#chat.send(this.#chat.active, content);
    this.#draw();
    this.#toNewest();
  }

  #drafting() {
    this.#fit();
    this.#complain('');
    clearTimeout(this.#typingTimer);
    const room = this.#chat.active;
    const isTyping = byId('draft').value.trim() !== '';
    this.#chat.typing(room, isTyping);
    if (isTyping) this.#typingTimer = setTimeout(() => this.#chat.typing(room, false), STOPPED_TYPING_MS);
  }

  #complain(message) {
    byId('draft-error').textContent = message;
  }

  /** The text box grows with what is in it; style.css says how far. */
  #fit() {
    const draft = byId('draft');
    draft.style.height = 'auto';
    const borders = draft.offsetHeight - draft.clientHeight;
    draft.style.height = draft.value ? `${draft.scrollHeight + borders}px` : '';
  }

  #scrolled() {
    const room = this.#chat.active;
    if (this.#isAtNewest()) byId('to-newest').hidden = true;
    if (room && byId('history').scrollTop < NEAR_TOP_PX) {
      this.#chat.loadEarlier(room).catch((problem) => this.#complain(problem.message));
    }
  }

  #isAtNewest() {
    const history = byId('history');
    return history.scrollHeight - history.scrollTop - history.clientHeight < NEAR_BOTTOM_PX;
  }

  #toNewest() {
    const history = byId('history');
    history.scrollTop = history.scrollHeight;
    byId('to-newest').hidden = true;
  }

  // --- drawing -------------------------------------------------------------------------------------

  #draw() {
    const chat = this.#chat;
    const rooms = chat.roomList;
    set(byId('my-name'), { text: chat.nameOf(chat.me.id) });
    paintAvatar(byId('my-avatar'), { id: chat.me.id, name: chat.nameOf(chat.me.id), online: chat.connection === 'online' });
    set(byId('banner'), { text: BANNERS[chat.connection] ?? '' });
    byId('banner').hidden = chat.connection === 'online';
    byId('no-rooms').hidden = rooms.length > 0 || chat.connection === 'connecting';
    keepInStep(byId('rooms'), rooms, {
      key: (room) => room.id,
      create: (room) => this.#createRoomItem(room),
      update: (item, room) => this.#updateRoomItem(item, room),
    });
    const unread = rooms.reduce((sum, room) => sum + this.#unreadOf(room), 0);
    document.title = unread ? `(${unread}) Confab` : 'Confab';
    byId('nothing-open').hidden = Boolean(chat.active);
    byId('room').hidden = !chat.active;
    if (chat.active) this.#drawRoom(chat.active);
  }

  #createRoomItem(room) {
    const button = make('button', { type: 'button' },
      make('span', { class: 'avatar', 'aria-hidden': 'true' }),
      make('span', { class: 'title' }), make('time', { class: 'quiet' }),
      make('span', { class: 'preview quiet' }), make('span', { class: 'unread' }));
    button.addEventListener('click', () => this.#show(room.id));
    return make('li', {}, button);
  }

  #updateRoomItem(item, room) {
    const [avatar, title, time, preview, unread] = item.firstChild.children;
    const last = room.outgoing.at(-1) ?? room.lastMessage;
    const name = this.#chat.titleOf(room);
    const sender = last && (last.from ?? this.#chat.me.id);
    const by = sender === this.#chat.me.id ? 'You: ' : room.isGroup && last ? `${this.#chat.nameOf(sender)}: ` : '';
    set(item.firstChild, { 'aria-current': room === this.#chat.active && 'true' });
    paintAvatar(avatar, { id: this.#chat.peerOf(room) ?? room.id, name, online: this.#isOnline(room) });
    set(title, { text: name });
    set(time, { text: last ? when(last.createdAt) : '', datetime: last?.createdAt });
    set(preview, { text: room.typing.size ? 'typing…' : last ? by + last.content : 'No messages yet' });
    const count = this.#unreadOf(room);
    set(unread, { text: count ? String(Math.min(count, 999)) : '', role: count > 0 && 'img', 'aria-label': count > 0 && `${count} unread` });
  }

  /** What is on the screen is being read, even if the server does not know yet. */
  #unreadOf(room) {
    return room === this.#chat.active && !document.hidden ? 0 : room.unread;
  }

  #isOnline(room) {
    return this.#chat.connection === 'online' ? this.#chat.presence.get(this.#chat.peerOf(room))?.online : undefined;
  }

  #drawRoom(room) {
    const chat = this.#chat;
    const name = chat.titleOf(room);
    set(byId('room-title'), { text: name });
    paintAvatar(byId('room-avatar'), { id: chat.peerOf(room) ?? room.id, name, online: this.#isOnline(room) });
    set(byId('room-status'), { text: room.isGroup ? this.#membersOf(room) : this.#presenceOf(chat.peerOf(room)) });
    const typists = [...room.typing.keys()].map((id) => chat.nameOf(id));
    set(byId('typing'), { text: typists.length ? `${typists.join(', ')} ${typists.length > 1 ? 'are' : 'is'} typing…` : '' });
    this.#drawHistory(room);
  }

  #presenceOf(userId) {
    const state = this.#chat.presence.get(userId);
    // `online` is null while the server does not know.
    if (!state || state.online === null || this.#chat.connection !== 'online') return '';
    if (state.online) return 'Online';
    return state.lastSeen ? `Last seen ${ago(state.lastSeen)}` : 'Offline';
  }

  #membersOf(room) {
    const names = room.memberIds.map((id) => (id === this.#chat.me.id ? 'you' : this.#chat.nameOf(id)));
    const more = room.memberCount - names.length;
    return `${room.memberCount} members: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  }

  #drawHistory(room) {
    const history = byId('history');
    const list = byId('messages');
    const wasAtNewest = this.#isAtNewest();
    const oldLast = list.lastChild?.dataset.key;
    // Not the first child: the line for the day moves up when more of that day comes in.
    const oldFirst = list.querySelector('.message');
    const oldOffset = oldFirst?.getBoundingClientRect().top;
    const start = !room.loaded || room.loadingEarlier ? 'Loading…' : room.hasEarlier ? '' : 'This is the beginning of the conversation.';
    set(byId('history-start'), { text: start });
    // History that is read in is not news to a screen reader.
    set(history, { 'aria-busy': !room.loaded || Boolean(room.loadingEarlier) });
    keepInStep(list, this.#entriesOf(room), {
      key: (entry) => entry.key,
      create: (entry) => this.#createEntry(entry),
      update: (element, entry) => this.#updateEntry(element, entry, room),
    });
    if (wasAtNewest) this.#toNewest();
    // What is being read stays where it is when earlier messages come in above it.
    else if (oldFirst?.isConnected) history.scrollTop += oldFirst.getBoundingClientRect().top - oldOffset;
    if (!wasAtNewest && oldLast && list.lastChild?.dataset.key !== oldLast) byId('to-newest').hidden = false;
  }

  /** The messages as they are shown: a line for each new day, blocks by sender, the unanswered ones last. */
  #entriesOf(room) {
    const entries = [];
    let before;
    const mine = { from: this.#chat.me.id };
    for (const message of [...room.messages, ...room.outgoing.map((out) => ({ ...mine, ...out, out }))]) {
      const day = dayOf(message.createdAt);
      const isNewDay = !before || dayOf(before.createdAt) !== day;
      if (isNewDay) entries.push({ key: `day ${new Date(message.createdAt).toDateString()}`, day });
      const isNewBlock = isNewDay || before.from !== message.from || new Date(message.createdAt) - new Date(before.createdAt) > BLOCK_MS;
      // The same key before and after the answer: the message stays in its place on the screen.
      const isMine = message.from === mine.from;
      entries.push({ key: isMine && message.clientMessageId ? `own ${message.clientMessageId}` : message.id, message, isMine, isNewBlock });
      before = message;
    }
    return entries;
  }

  #createEntry({ day, message, isMine }) {
    if (day) return make('li', { class: 'day quiet', text: day });
    return make('li', { class: isMine ? 'message mine' : 'message' },
      make('span', { class: 'avatar', 'aria-hidden': 'true' }),
      make('span', { class: 'author' }),
      make('p', { class: 'text', text: message.content }),
      make('span', { class: 'meta quiet' }, make('time', { datetime: message.createdAt, text: clock(message.createdAt) }), make('span', { class: 'state' })));
  }

  #updateEntry(element, { day, message, isMine, isNewBlock }, room) {
    if (day) return;
    const [avatar, author, , meta] = element.children;
    const name = this.#chat.nameOf(message.from);
    element.classList.toggle('begins', isNewBlock);
    element.classList.toggle('unsent', Boolean(message.out));
    set(element, { 'data-seq': message.seq ?? null });
    paintAvatar(avatar, { id: message.from, name });
    set(author, { text: isMine ? 'You' : name });
    set(meta.firstChild, { text: clock(message.createdAt), datetime: message.createdAt });
    if (isMine) this.#updateState(meta.lastChild, message, room);
  }

  #updateState(state, { seq, out }, room) {
    const failure = out?.failure;
    const isSeen = seq && [...room.readBy.values()].some((readSeq) => readSeq >= seq);
    const word = failure ? 'failed' : out ? 'sending' : isSeen ? 'seen' : 'sent';
    if (state.dataset.is === word) return;
    state.dataset.is = word;
    state.replaceChildren(failure ? `Not sent: ${failure}` : word);
    if (!failure) return;
    const retry = make('button', { type: 'button', class: 'plain', text: 'Try again' });
    const discard = make('button', { type: 'button', class: 'plain', text: 'Discard' });
    retry.addEventListener('click', () => this.#chat.retry(room, out));
    discard.addEventListener('click', () => this.#chat.discard(room, out));
    state.append(retry, discard);
  }
}
