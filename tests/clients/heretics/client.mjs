// The client of seed 002 as its reader writes it: "Connection Setup", "Event Listeners", "Emitting Events", and the
// screens of a chat that they are for.

import { io } from 'socket.io-client';

/** `getToken` is Clerk's: the session token of who is signed in. */
export class ChatClient {
  messages = [];
  typing = new Map();
  onlineUsers = new Set();
  errors = [];

  constructor(server, getToken) {
    this.server = server;
    this.getToken = getToken;
  }

  async connect(prepare = () => {}) {
    const clerkToken = await this.getToken();
    const socket = io(this.server, { auth: { token: clerkToken } });
    this.socket = socket;
    prepare(socket);

    socket.on('online-users', ({ userIds }) => {
      this.onlineUsers = new Set(userIds);
    });
    socket.on('user-online', ({ userId }) => {
      this.onlineUsers.add(userId);
    });
    socket.on('user-offline', ({ userId }) => {
      this.onlineUsers.delete(userId);
    });
    socket.on('new-message', (message) => {
      this.messages.push(message);
    });
    socket.on('typing', ({ userId, chatId, isTyping }) => {
      if (isTyping) this.typing.set(chatId, userId);
      else this.typing.delete(chatId);
    });
    socket.on('socket-error', ({ message }) => {
      this.errors.push(message);
    });
    socket.on('error', ({ message }) => {
      this.errors.push(message);
    });
    socket.on('connect_error', ({ message }) => {
      this.errors.push(message);
    });
    return socket;
  }

  async api(method, path, body) {
    const response = await fetch(`${this.server}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${await this.getToken()}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  }

  enterChat(chatId) {
    this.socket.emit('join-chat', chatId);
  }

  leaveChat(chatId) {
    this.socket.emit('leave-chat', chatId);
  }

  send(chatId, text) {
    this.socket.emit('send-message', { chatId, text });
  }

  setTyping(chatId, isTyping) {
    this.socket.emit('typing', { chatId, isTyping });
  }

  disconnect() {
    this.socket.disconnect();
  }
}
