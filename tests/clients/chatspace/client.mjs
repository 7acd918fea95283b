// The client of seed 001 as its reader writes it: AuthContext and ChatContext, and a page that uses them.
//
// JSX is written as calls, because Node reads none; localStorage, axios and toast are those of one browser and come
// by a context, because several people's browsers are in one process here. Nothing else differs.

import axiosLibrary from 'axios';
import { createContext, createElement as h, useContext, useEffect, useState } from 'react';
import { io } from 'socket.io-client';

const Browser = createContext(null);
export const AuthContext = createContext();
export const ChatContext = createContext(null);

export function AuthProvider({ children }) {
  const { backendURL, localStorage, axios, toast, onSocket } = useContext(Browser);
  const [token, setToken] = useState(localStorage.getItem('token') || null);
  const [authUser, setAuthUser] = useState(null);
  const [onlineUsers, setOnlineUsers] = useState([]);
  const [socket, setSocket] = useState(null);

  const connectSocket = (userData) => {
    if (!userData || socket?.connected) return;
    const stored = localStorage.getItem('token');
    if (!stored) return;
    const newSocket = io(backendURL, { auth: { token: stored }, query: { userId: userData._id } });
    onSocket(newSocket);
    newSocket.connect();
    setSocket(newSocket);

    newSocket.on('getOnlineUsers', (userIds) => {
      if (Array.isArray(userIds)) setOnlineUsers(userIds);
      else if (userIds && typeof userIds === 'object') setOnlineUsers(Array.from(Object.keys(userIds)));
      else setOnlineUsers([]);
    });
    newSocket.on('connect_error', (error) => {
      // Forced out, if it is about who one is.
      if (error.message.includes('Authentication error')) logout();
    });
  };

  const login = async (state, credentials) => {
    try {
      const { data } = await axios.post(`/api/auth/${state}`, credentials);
      if (!data?.success) {
        toast(data.message);
        return { success: false, message: data.message };
      }
      setAuthUser(data.userData);
      localStorage.setItem('token', data.token);
      setToken(data.token);
      axios.defaults.headers.common.Authorization = `Bearer ${data.token}`;
      connectSocket(data.userData);
      toast(data.message);
      return { success: true, user: data.userData };
    } catch (error) {
      const message = error.response?.data?.message || error.message || 'An error occurred';
      toast('Login failed');
      return { success: false, message };
    }
  };

  const logout = async () => {
    localStorage.removeItem('token');
    setToken(null);
    setAuthUser(null);
    setOnlineUsers([]);
    axios.defaults.headers.common.Authorization = null;
    toast('Logged out successfully');
    if (socket && socket.disconnect) socket.disconnect();
    setSocket(null);
  };

  const value = { axios, token, authUser, onlineUsers, socket, login, logout };
  return h(AuthContext.Provider, { value }, children);
}

export function ChatProvider({ children }) {
  const [messages, setMessages] = useState([]);
  const [users, setUsers] = useState([]);
  const [selectedUser, setSelectedUser] = useState(null);
  const [unseenMessages, setUnseenMessages] = useState({});
  const { socket, axios } = useContext(AuthContext);
  const { toast } = useContext(Browser);

  const getUsers = async () => {
    const { data } = await axios.get('/api/messages/users');
    if (!data.success) return;
    setUsers(data.users);
    setUnseenMessages(data.unseenMessages ?? data.unseenMsgs ?? {});
  };

  const getMessages = async (userId) => {
    setMessages([]);
    const { data } = await axios.get(`/api/messages/${userId}`);
    // What was sent or came meanwhile stays: the answer may have been made before.
    const of = ({ senderId, receiverId }) => [senderId, receiverId].includes(userId);
    const missing = ({ _id }) => data.messages.every((one) => one._id !== _id);
    if (data.success) setMessages((all) => [...data.messages, ...all.filter(of).filter(missing)]);
  };

  const sendMessage = async (message) => {
    try {
      const { data } = await axios.post(`/api/messages/send/${selectedUser._id}`, message);
      if (data.success) setMessages((all) => [...all, data.newMessage]);
      else toast(data.message);
    } catch (error) {
      toast(error.response?.data?.message || error.message);
    }
  };

  const handleNewMessage = (newMessage) => {
    if (selectedUser && newMessage.senderId === selectedUser._id) {
      newMessage.seen = true;
      setMessages((all) => [...all, newMessage]);
      axios.put(`/api/messages/seen/${newMessage._id}`);
    } else {
      setUnseenMessages((all) => ({ ...all, [newMessage.senderId]: all[newMessage.senderId] ? all[newMessage.senderId] + 1 : 1 }));
    }
  };

  useEffect(() => {
    if (!socket) return undefined;
    socket.on('newMessage', handleNewMessage);
    return () => {
      socket.off('newMessage', handleNewMessage);
    };
  }, [socket, selectedUser]);

  const value = { messages, users, selectedUser, setSelectedUser, unseenMessages, getUsers, getMessages, sendMessage };
  return h(ChatContext.Provider, { value }, children);
}

function Sidebar() {
  const { onlineUsers } = useContext(AuthContext);
  const { users, unseenMessages, getUsers, getMessages, setSelectedUser } = useContext(ChatContext);
  // Who has just come online may be new.
  useEffect(() => {
    getUsers();
  }, [onlineUsers]);
  const select = (user) => {
    setSelectedUser(user);
    getMessages(user._id);
  };
  return h('nav', null, users.map((user) => h('button', { key: user._id, id: `user-${user._id}`, onClick: () => select(user) },
    `${user.fullName} ${onlineUsers.includes(user._id) ? 'Online' : 'Offline'} ${unseenMessages[user._id] ? `(${unseenMessages[user._id]})` : ''}`)));
}

function ChatContainer() {
  const { authUser } = useContext(AuthContext);
  const { messages, selectedUser, sendMessage } = useContext(ChatContext);
  const [text, setText] = useState('');
  if (!selectedUser) return null;
  return h('section', { id: 'chat', 'data-user': selectedUser._id },
    h('ul', null, messages.map(({ _id, senderId, text: said, image, seen }) => h('li', { key: _id, 'data-id': _id, 'data-seen': seen, className: senderId === authUser._id ? 'mine' : 'theirs' },
      image && h('img', { src: image }), said))),
    h('form', { id: 'compose', onSubmit: (event) => { event.preventDefault(); sendMessage({ text }); setText(''); } },
      h('input', { id: 'text', value: text, onChange: (event) => setText(event.target.value) })));
}

function LoginPage() {
  const { login } = useContext(AuthContext);
  const { onLogin } = useContext(Browser);
  const [form, setForm] = useState({});
  const field = (name) => h('input', { key: name, id: name, value: form[name] ?? '', onChange: (event) => setForm({ ...form, [name]: event.target.value }) });
  const submit = (event) => {
    event.preventDefault();
    const { fullName, ...credentials } = form;
    onLogin(login(fullName ? 'signup' : 'login', fullName ? form : credentials));
  };
  return h('form', { id: 'login', onSubmit: submit }, ['fullName', 'email', 'password'].map(field));
}

function App() {
  const { authUser, onlineUsers } = useContext(AuthContext);
  if (!authUser) return h(LoginPage);
  return h('main', { id: 'app', 'data-me': authUser._id, 'data-online': onlineUsers.join(' ') }, h(Sidebar), h(ChatContainer));
}

/** The app of one person in one browser page. `onSocket` sees each new socket, `onLogin` each attempt to log in. */
export function openApp(page, backendURL, { onSocket, onLogin, localStorage }) {
  const toasts = [];
  const axios = axiosLibrary.create({ baseURL: backendURL });
  const browser = { backendURL, localStorage, axios, toast: (said) => toasts.push(said), onSocket, onLogin };
  page.render(h(Browser.Provider, { value: browser }, h(AuthProvider, null, h(ChatProvider, null, h(App)))));
  return { page, axios, toasts };
}
