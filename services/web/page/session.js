// Who is signed in in this window, and REST calls in their name.
// Knows nothing of rooms, sockets or the screen.

// sessionStorage, not localStorage: two windows are two people.
const KEY = 'confab.session';
const REQUEST_TIMEOUT_MS = 15_000;
// A token is renewed when it is needed and has less than this to live, so that an idle window costs nothing.
const MARGIN_MS = 60_000;

/** An answer that is not 2xx: RFC 9457 problem details, or what can be said without them. */
export class Problem extends Error {
  constructor(status, { code = 'UNREACHABLE', detail, title } = {}) {
    super(detail ?? title ?? 'The server cannot be reached. Please try again.');
    this.status = status;
    this.code = code;
  }
}

async function call(method, path, { body, token } = {}) {
  const headers = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch {
    throw new Problem(0);
  }
  const answer = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw new Problem(response.status, answer ?? { title: `The server answered ${response.status}.` });
  }
  return answer;
}

export class Session {
  /** Called when the server no longer knows the session. */
  onEnd = () => {};
  #refreshing;

  static async signUp(username, email, password) {
    return new Session().#keep(await call('POST', '/api/auth/signup', { body: { username, email, password } }));
  }

  static async logIn(login, password) {
    const who = login.includes('@') ? { email: login } : { username: login };
    return new Session().#keep(await call('POST', '/api/auth/login', { body: { ...who, password } }));
  }

  /** The session this window had before it was reloaded, if any. */
  static restore() {
    const kept = sessionStorage.getItem(KEY);
    return kept ? Object.assign(new Session(), JSON.parse(kept)) : undefined;
  }

  #keep({ user, accessToken, refreshToken, expiresIn }) {
    const life = expiresIn * 1000;
    const margin = Math.min(MARGIN_MS, life / 4);
    Object.assign(this, { user, accessToken, refreshToken, renewAt: Date.now() + life - margin });
    sessionStorage.setItem(KEY, JSON.stringify(this));
    return this;
  }

  /** An access token that still has some time to live. */
  async token() {
    if (Date.now() >= this.renewAt) await this.refresh();
    return this.accessToken;
  }

  /** Refresh tokens are spent by their first use, so calls that overlap share one request. */
  refresh() {
    this.#refreshing ??= call('POST', '/api/auth/refresh', { body: { refreshToken: this.refreshToken } })
      .then((pair) => this.#keep({ user: this.user, ...pair }))
      .catch((problem) => {
        if (problem.status === 401) this.onEnd();
        throw problem;
      })
      .finally(() => { this.#refreshing = undefined; });
    return this.#refreshing;
  }

  async request(method, path, body) {
    try {
      return await call(method, path, { body, token: await this.token() });
    } catch (problem) {
      if (problem.status !== 401 || problem.code === 'REFRESH_TOKEN_INVALID') throw problem;
      await this.refresh();
      return call(method, path, { body, token: this.accessToken });
    }
  }

  /** Forgets the session here; the server is told, but not waited for. */
  end() {
    sessionStorage.clear();
    call('POST', '/api/auth/logout', { body: { refreshToken: this.refreshToken } }).catch(() => {});
  }
}
