// The client of seed 000 as its reader writes it: SocketContext, useChat, ConversationList, ChatWindow, the store.
//
// JSX is written as calls, because Node reads none, and what a browser has as globals comes by a context, because
// several people's browsers are in one process here. Nothing else differs.

import { createContext, createElement as h, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { Provider, useSelector } from 'react-redux';
import { legacy_createStore as createStore } from 'redux';
import { io } from 'socket.io-client';
import { json } from '../lib/page.mjs';

const Browser = createContext();
const SocketContext = createContext();
export const useSocket = () => useContext(SocketContext);

export function SocketProvider({ children }) {
  const { server, Cookies, onSocket } = useContext(Browser);
  const [socket, setSocket] = useState(null);
  const [isConnected, setIsConnected] = useState(false);
  const [onlineUsers, setOnlineUsers] = useState(new Set());
  const { userData } = useSelector((state) => state.user);

  useEffect(() => {
    if (!userData) {
      socket?.disconnect();
      setSocket(null);
      return undefined;
    }
    const token = Cookies.get('token');
    if (!token) return undefined;

    const newSocket = io(server, { auth: { token }, reconnection: true, reconnectionAttempts: 5, reconnectionDelay: 1000 });
    // As the seed's debugging tip has it.
    onSocket(newSocket);
    newSocket.on('connect', () => setIsConnected(true));
    newSocket.on('disconnect', () => setIsConnected(false));
    newSocket.on('user:online', ({ userId }) => setOnlineUsers((known) => new Set([...known, userId])));
    newSocket.on('user:offline', ({ userId }) => setOnlineUsers((known) => {
      const left = new Set(known);
      left.delete(userId);
      return left;
    }));
    setSocket(newSocket);
    return () => newSocket.disconnect();
  }, [userData]);

  return h(SocketContext.Provider, { value: { socket, isConnected, onlineUsers } }, children);
}

let temporary = 0;

/** Messages, typing, receipts, optimistic updates and pages of one conversation. */
export function useChat(conversationId) {
  const { api } = useContext(Browser);
  const { socket, isConnected } = useSocket();
  const { userData } = useSelector((state) => state.user);
  const [messages, setMessages] = useState([]);
  const [typingUsers, setTypingUsers] = useState([]);
  const [joined, setJoined] = useState(false);
  const typingTimeout = useRef(null);

  // Whenever there is a connection, the first one or another: join the room, and fetch what was missed.
  useEffect(() => {
    setJoined(false);
    if (!socket || !isConnected) return;
    socket.emit('chat:join', { conversationId }, async ({ error }) => {
      if (error) return;
      const { body } = await api('GET', `/messages/${conversationId}?page=1&limit=50`);
      setMessages((live) => [...body.messages, ...live.filter(({ _id }) => body.messages.every((one) => one._id !== _id))]);
      setJoined(true);
    });
  }, [socket, isConnected, conversationId]);

  useEffect(() => {
    if (!socket) return undefined;
    const onMessage = ({ message, tempId }) => {
      if (message.conversation !== conversationId) return;
      setMessages((all) => [...all.filter(({ _id }) => _id !== tempId && _id !== message._id), message]);
    };
    const onTyping = ({ userId, isTyping }) => setTypingUsers((all) => [...all.filter((one) => one !== userId), ...(isTyping ? [userId] : [])]);
    const onRead = ({ messageIds, readBy }) => setMessages((all) => all.map((message) => (messageIds.includes(message._id)
      ? { ...message, status: 'read', readBy: [...message.readBy, { user: readBy }] }
      : message)));
    socket.on('chat:message', onMessage);
    socket.on('chat:typing', onTyping);
    socket.on('chat:read', onRead);
    return () => {
      socket.off('chat:message', onMessage);
      socket.off('chat:typing', onTyping);
      socket.off('chat:read', onRead);
    };
  }, [socket, conversationId]);

  const sendMessage = useCallback((text) => {
    temporary += 1;
    const tempId = `temp_${Date.now()}${temporary}`;
    const shown = { _id: tempId, conversation: conversationId, sender: userData, text, status: 'sending', readBy: [] };
    setMessages((all) => [...all, shown]);
    socket.emit('chat:send', { conversationId, text, tempId }, ({ error, message }) => {
      setMessages((all) => all.filter(({ _id }) => error === undefined || _id !== tempId)
        .map((one) => (one._id === tempId && message ? message : one)));
    });
  }, [socket, conversationId, userData]);

  const stopTyping = useCallback(() => {
    clearTimeout(typingTimeout.current);
    if (typingTimeout.current) socket.emit('chat:typing', { conversationId, isTyping: false });
    typingTimeout.current = null;
  }, [socket, conversationId]);

  const startTyping = useCallback(() => {
    socket.emit('chat:typing', { conversationId, isTyping: true });
    clearTimeout(typingTimeout.current);
    typingTimeout.current = setTimeout(stopTyping, 2000);
  }, [socket, conversationId, stopTyping]);

  const markAsRead = useCallback((messageIds) => {
    socket.emit('chat:read', { conversationId, messageIds }, () => {});
  }, [socket, conversationId]);

  return { messages, typingUsers, joined, sendMessage, startTyping, stopTyping, markAsRead };
}

const ICONS = { sending: '⏳', sent: '✓', delivered: '✓✓', read: 'blue ✓✓' };

export function ChatWindow({ conversationId }) {
  const { userData } = useSelector((state) => state.user);
  const { messages, typingUsers, joined, sendMessage, startTyping, stopTyping, markAsRead } = useChat(conversationId);
  const [text, setText] = useState('');
  const asked = useRef(new Set());

  // The window is open, so what is in it is read.
  useEffect(() => {
    const unread = messages.filter(({ _id, sender, readBy }) => sender._id !== userData._id && !asked.current.has(_id)
      && readBy.every(({ user }) => user !== userData._id)).map(({ _id }) => _id);
    if (!unread.length) return;
    unread.forEach((_id) => asked.current.add(_id));
    markAsRead(unread);
  }, [messages]);

  return h('section', { id: 'chat', 'data-joined': joined },
    h('ul', null, messages.map(({ _id, text: said, status, sender }) => h('li', { key: _id, 'data-id': _id, 'data-status': status },
      `${sender.userName}: ${said} ${sender._id === userData._id ? ICONS[status] : ''}`))),
    h('p', { id: 'typing' }, typingUsers.length ? `${typingUsers.join(', ')} is typing` : ''),
    h('form', { id: 'compose', onSubmit: (event) => { event.preventDefault(); stopTyping(); sendMessage(text); setText(''); } },
      h('input', { id: 'text', value: text, onChange: (event) => { setText(event.target.value); startTyping(); } })));
}

export function ConversationList({ onSelect }) {
  const { api } = useContext(Browser);
  const { onlineUsers } = useSocket();
  const { userData } = useSelector((state) => state.user);
  const [conversations, setConversations] = useState([]);
  useEffect(() => {
    api('GET', '/conversations').then(({ body }) => setConversations(body));
  }, []);
  return h('nav', { id: 'conversations' }, conversations.map(({ _id, participants, isGroup, groupName, unreadCount }) => {
    const others = participants.filter((one) => one._id !== userData._id);
    return h('button', { key: _id, id: `conversation-${_id}`, 'data-unread': unreadCount[userData._id] ?? 0, 'data-online': others.some((one) => onlineUsers.has(one._id)), onClick: () => onSelect(_id) },
      isGroup ? groupName : others.map(({ userName }) => userName).join());
  }));
}

function Routes() {
  const { userData } = useSelector((state) => state.user);
  const { isConnected, onlineUsers } = useSocket();
  const [conversationId, setConversationId] = useState(null);
  if (!userData) return h('p', { id: 'signed-out' }, 'sign in');
  return h('main', { id: 'app', 'data-connected': isConnected, 'data-online': [...onlineUsers].join(' ') },
    h(ConversationList, { onSelect: setConversationId }),
    conversationId && h(ChatWindow, { key: conversationId, conversationId }));
}

const users = (state = { userData: null }, action = {}) => (action.type === 'setUserData' ? { userData: action.userData } : state);

/** The app of one person in one browser page. `server` is what `io` takes; `onSocket` sees each new socket. */
export function openApp(page, server, onSocket) {
  const store = createStore((state = {}, action) => ({ user: users(state.user, action) }));
  const prefix = new URL(server).pathname.replace(/\/$/, '');
  const api = (method, path, body) => json(page, method, `${prefix}/api${path}`, body);
  page.render(h(Provider, { store }, h(Browser.Provider, { value: { server, api, Cookies: page.Cookies, onSocket } }, h(SocketProvider, null, h(Routes)))));
  const enter = async (path, body) => {
    const answer = await api('POST', path, body);
    const userData = answer.body.user ?? answer.body.userData ?? answer.body;
    if (answer.status < 300) store.dispatch({ type: 'setUserData', userData });
    return { ...answer, userData };
  };
  return {
    page,
    api,
    store,
    signUp: (form) => enter('/auth/signup', form),
    signIn: (form) => enter('/auth/login', form),
    /** What the app does when the page is loaded again: the cookie says who one is. */
    async resume() {
      const { status, body } = await api('GET', '/user/me');
      if (status === 200) store.dispatch({ type: 'setUserData', userData: body.user ?? body });
      return status;
    },
    async signOut() {
      await api('POST', '/auth/logout');
      store.dispatch({ type: 'setUserData', userData: null });
    },
  };
}
