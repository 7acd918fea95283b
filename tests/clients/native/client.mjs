// The client of seed 004 as its reader writes it: the REST recipes of its section 15, and a socket with its events.

import { io } from 'socket.io-client';
import { Heard } from '../lib/dialect.mjs';
import { request } from '../lib/rest.mjs';
import { ask } from '../lib/socket.mjs';
import { until } from '../lib/wait.mjs';

export class ChatClient {
  received = [];

  constructor(name, server) {
    this.name = name;
    this.server = server;
  }

  /** `Authorization: Bearer <token>` on protected endpoints. */
  api(method, path, body) {
    return request(this.server, method, `/api${path}`, { token: this.accessToken, body });
  }

  async signup(form) {
    const answer = await this.api('POST', '/auth/signup', form);
    return this.#enter(answer);
  }

  async login(credentials) {
    const answer = await this.api('POST', '/auth/login', credentials);
    return this.#enter(answer);
  }

  async refresh() {
    const answer = await this.api('POST', '/auth/refresh', { refreshToken: this.refreshToken });
    return this.#enter(answer);
  }

  #enter(answer) {
    if (answer.status < 300) {
      const { user, accessToken, refreshToken } = answer.body;
      this.id = user?.id ?? this.id;
      Object.assign(this, { accessToken, refreshToken });
    }
    return answer;
  }

  /** `options` is what `io` takes, by default the token as the document has it. */
  async connect(options = { auth: { token: this.accessToken } }) {
    const socket = io(this.server, options);
    this.socket = socket;
    this.heard = new Heard(this.name, socket);
    socket.on('message:receive', (message) => this.received.push(message));
    await until(() => socket.connected, `${this.name} to connect`);
    return this;
  }

  send(message) {
    return ask(this.socket, 'message:send', message);
  }

  disconnect() {
    this.socket.disconnect();
  }
}
