// The client of seed 003 as its reader writes it: one socket, tied to the access token by effects; who is online in a
// context; a chat with receipts and typing.
//
// JSX is written as calls, because Node reads none, and what a browser has as globals or a module as its singleton
// comes by a context, because several people's browsers are in one process here. Nothing else differs.

import { createContext, createElement as h, useContext, useEffect, useRef, useState } from 'react';
import { io } from 'socket.io-client';
import { json } from '../lib/page.mjs';

const TYPING_ENDS_AFTER_MS = 700;

const Browser = createContext(null);
const AuthContext = createContext(null);
const OnlineContext = createContext([]);

/** The one socket of a page. */
export class SocketSingleton {
  #socket = null;

  constructor(server, onSocket) {
    this.server = server;
    this.onSocket = onSocket;
  }

  /** Connects, or comes again if the token is another one. */
  connect(token) {
    if (!this.#socket) {
      this.#socket = io(this.server, { auth: { token } });
      this.onSocket(this.#socket);
    } else if (this.#socket.auth.token !== token) {
      this.#socket.auth.token = token;
      this.#socket.disconnect().connect();
    }
    return this.#socket;
  }

  disconnect() {
    this.#socket?.disconnect();
    this.#socket = null;
  }
}

function AuthProvider({ children }) {
  const { singleton, api, onAuth } = useContext(Browser);
  // In memory, and nowhere else.
  const [accessToken, setAccessToken] = useState(null);
  const [user, setUser] = useState(null);
  const [socket, setSocket] = useState(null);

  // Login, logout and token refresh.
  useEffect(() => {
    if (accessToken) setSocket(singleton.connect(accessToken));
    else {
      singleton.disconnect();
      setSocket(null);
    }
  }, [accessToken]);

  // The page is left.
  useEffect(() => () => singleton.disconnect(), []);

  const enter = async (path, body) => {
    const answer = await api('POST', `/auth/${path}`, body);
    if (answer.status < 300) {
      setUser((known) => answer.body.user ?? known);
      setAccessToken(answer.body.accessToken);
    }
    return answer;
  };
  const value = {
    accessToken,
    user,
    socket,
    register: (form) => enter('register', form),
    login: (form) => enter('login', form),
    refresh: () => enter('refresh'),
    async logout() {
      const answer = await api('POST', '/auth/logout');
      setAccessToken(null);
      setUser(null);
      return answer;
    },
  };
  onAuth(value);
  return h(AuthContext.Provider, { value }, children);
}

function OnlineProvider({ children }) {
  const { socket } = useContext(AuthContext);
  const [online, setOnline] = useState([]);
  useEffect(() => {
    if (!socket) {
      setOnline([]);
      return undefined;
    }
    const all = (userIds) => setOnline(userIds);
    const come = ({ userId }) => setOnline((known) => [...known.filter((one) => one !== userId), userId]);
    const gone = ({ userId }) => setOnline((known) => known.filter((one) => one !== userId));
    socket.on('online_users', all).on('user_online', come).on('user_offline', gone);
    return () => {
      socket.off('online_users', all).off('user_online', come).off('user_offline', gone);
    };
  }, [socket]);
  return h(OnlineContext.Provider, { value: online }, children);
}

/** Messages with one other user, receipts and typing. */
function useChat(partner) {
  const { api } = useContext(Browser);
  const { socket, user, accessToken } = useContext(AuthContext);
  const [messages, setMessages] = useState([]);
  const [isTyping, setIsTyping] = useState(false);
  const typing = useRef(null);

  // The chat is opened: the database has the truth, and what is shown is read.
  useEffect(() => {
    let open = true;
    const bearer = { authorization: `Bearer ${accessToken}` };
    api('GET', `/messages/${partner}`, undefined, bearer).then(({ body }) => {
      if (!open) return;
      const fetched = body.messages ?? body;
      setMessages((live) => [...fetched, ...live.filter(({ _id }) => fetched.every((one) => one._id !== _id))]);
      socket.emit('mark_as_read', { senderId: partner });
    });
    return () => { open = false; };
  }, [partner]);

  useEffect(() => {
    const onMessage = ({ message }) => {
      if (![message.sender, message.receiver].includes(partner)) return;
      // What was being fetched meanwhile may have it already.
      setMessages((all) => [...all.filter(({ _id }) => _id !== message._id), message]);
      if (message.sender === partner) socket.emit('mark_as_read', { senderId: partner });
    };
    const onRead = ({ readerId }) => setMessages((all) => all.map((one) => (one.receiver === readerId ? { ...one, isRead: true } : one)));
    const onTyping = ({ userId }) => userId === partner && setIsTyping(true);
    const onStop = ({ userId }) => userId === partner && setIsTyping(false);
    socket.on('new_message', onMessage).on('messages_read', onRead).on('user_typing', onTyping).on('user_stop_typing', onStop);
    return () => {
      socket.off('new_message', onMessage).off('messages_read', onRead).off('user_typing', onTyping).off('user_stop_typing', onStop);
      stop();
    };
  }, [partner]);

  const stop = () => {
    if (!typing.current) return;
    clearTimeout(typing.current);
    typing.current = null;
    socket.emit('typing_stop', { receiverId: partner });
  };
  const type = (text) => {
    if (!text) return stop();
    if (!typing.current) socket.emit('typing_start', { receiverId: partner });
    clearTimeout(typing.current);
    typing.current = setTimeout(stop, TYPING_ENDS_AFTER_MS);
    return undefined;
  };
  const send = (content) => {
    stop();
    socket.emit('send_message', { receiverId: partner, content });
  };
  return { messages, isTyping, me: user._id, type, send };
}

function Chat({ partner }) {
  const { messages, isTyping, me, type, send } = useChat(partner);
  const [text, setText] = useState('');
  return h('section', { id: 'chat', 'data-partner': partner },
    h('ul', null, messages.map(({ _id, content, sender, isRead }) => h('li', { key: _id, 'data-id': _id, 'data-read': isRead, className: sender === me ? 'mine' : 'theirs' }, content))),
    h('p', { id: 'typing' }, isTyping ? 'typing…' : ''),
    h('form', { id: 'compose', onSubmit: (event) => { event.preventDefault(); send(text); setText(''); } },
      h('input', { id: 'text', value: text, onChange: (event) => { setText(event.target.value); type(event.target.value); } })));
}

function App() {
  const { socket, user } = useContext(AuthContext);
  const online = useContext(OnlineContext);
  const { onOpen } = useContext(Browser);
  const [partner, setPartner] = useState(null);
  onOpen(setPartner);
  if (!user || !socket) return h('p', { id: 'signed-out' }, 'sign in');
  return h('main', { id: 'app', 'data-online': online.join(' ') }, partner && h(Chat, { key: partner, partner }));
}

/** The app of one person in one browser page. `onSocket` sees each new socket. */
export function openApp(page, server, onSocket) {
  const prefix = new URL(server).pathname.replace(/\/$/, '');
  const app = { page };
  const browser = {
    singleton: new SocketSingleton(server, onSocket),
    api: (method, path, body, headers) => json(page, method, `${prefix}/api${path}`, body, headers),
    onAuth: (auth) => { app.auth = auth; },
    onOpen: (open) => { app.open = open; },
  };
  app.api = (method, path, body) => browser.api(method, path, body, { authorization: `Bearer ${app.auth.accessToken}` });
  page.render(h(Browser.Provider, { value: browser }, h(AuthProvider, null, h(OnlineProvider, null, h(App)))));
  return app;
}
