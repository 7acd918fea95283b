import { io } from 'socket.io-client';

const urls = (process.argv.at(-1).startsWith('http') ? process.argv.at(-1) : 'http://127.0.0.1:7400,http://127.0.0.1:7401').split(',');
const post = async (url, body) => (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json();
const signUp = (url, username) => post(`${url}/api/auth/signup`, { username, email: `${username}@example.org`, password: 'correct horse' });

const [ada, ben] = await Promise.all([signUp(urls[0], `ada-${Date.now()}`), signUp(urls.at(-1), `ben-${Date.now()}`)]);
const adas = io(urls[0], { auth: { token: ada.accessToken } });
const bens = io(urls.at(-1), { auth: { token: ben.accessToken } });
await new Promise((ready) => bens.once('ready', ready));

const received = new Promise((resolve) => bens.once('message:receive', resolve));
const ack = await adas.emitWithAck('message:send', { toUserId: ben.user.id, content: 'Hello from the other gateway' });
console.log(JSON.stringify({ ok: ack.ok && (await received).id === ack.message.id, sent: ack.message, received: await received }));
[adas, bens].forEach((socket) => socket.disconnect());
