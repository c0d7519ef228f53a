/**
 * Apps of the recipes for libraries of authentication, each with the library as it is: `ada@acme.test` is signed in, and of each event that
 * was applied the app tells whether that session still is, and whether a new one is given.
 */

/** What each has: it takes webhooks at its port. `tell` says of a person what it says. */
const SERVE = `
  createServer(async (request, response) => {
    const secret = process.env.ROLLCALL_WEBHOOK_SECRET;
    const event = await verifyWebhook({ secret, headers: request.headers, body: await buffer(request) });
    await apply(event);
    console.log(event.type, event.data.active, await tell(event.data.email));
    response.writeHead(204).end();
  }).listen(Number(process.env.APP_PORT), () => console.log('ready'));
`;
const IMPORTS = `
  import { createServer } from 'node:http';
  import { buffer } from 'node:stream/consumers';
  import { verifyWebhook } from '@rollcall/sdk';
  import { applyEvent } from './apply-event.js';
`;

/** Its memory adapter and its admin plugin. */
export const BETTER_AUTH_APP = `${IMPORTS}
  import { betterAuth } from 'better-auth';
  import { memoryAdapter } from 'better-auth/adapters/memory';
  import { admin } from 'better-auth/plugins';

  const db = { user: [], session: [], account: [], verification: [] };
  const auth = betterAuth({
    database: memoryAdapter(db),
    secret: process.env.AUTH_SECRET,
    baseURL: 'http://app.test',
    emailAndPassword: { enabled: true },
    plugins: [admin()],
    telemetry: { enabled: false },
  });
  const password = 'correct horse battery staple';
  const signUp = async (email) => (await auth.api.signUpEmail({ body: { email, password, name: email } })).user.id;
  const signIn = async (email) => {
    const { headers } = await auth.api.signInEmail({ body: { email, password }, returnHeaders: true });
    return new Headers({ cookie: headers.getSetCookie().map((one) => one.split(';')[0]).join('; ') });
  };
  const owner = await signUp('owner@app.test');
  db.user.find(({ id }) => id === owner).role = 'admin';
  const person = await signUp('ada@acme.test');
  const headers = await signIn('owner@app.test');
  const cookies = await signIn('ada@acme.test');
  const findUser = async (directoryUserId) => (directoryUserId === process.env.DIRECTORY_USER ? person : null);
  const apply = (event) => applyEvent(event, { api: auth.api, headers, findUser });
  const tell = async () => {
    const session = await auth.api.getSession({ headers: cookies });
    const again = await signIn('ada@acme.test').then(() => 'given', () => 'refused');
    return [session === null ? 'signed out' : 'signed in', again].join(' ');
  };
${SERVE}`;

/**
 * Both of its strategies: `database` with an adapter in memory, behind a small server of OAuth, and `jwt` with credentials. A browser
 * goes through its pages.
 */
export const AUTHJS_APP = `${IMPORTS}
  import { randomUUID } from 'node:crypto';
  import { once } from 'node:events';
  import { Auth, skipCSRFCheck } from '@auth/core';
  import Credentials from '@auth/core/providers/credentials';
  import { maySignIn } from './may-sign-in.js';

  /** Each code and token is the address of whom it is for. */
  const provider = createServer(async (request, response) => {
    const said = new URLSearchParams((await buffer(request)).toString());
    const email = /^Bearer (.*)$/.exec(request.headers.authorization)?.[1];
    const answer = email ? { sub: email, email } : { access_token: said.get('code'), token_type: 'bearer' };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const issuer = 'http://127.0.0.1:' + provider.address().port;

  const [users, accounts, sessions, links] = [[], [], [], []];
  const find = (list, wanted) =>
    list.find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value)) ?? null;
  const removeSessions = (isGone) => sessions.splice(0, Infinity, ...sessions.filter((one) => !isGone(one)));
  const adapter = {
    createUser: async (user) => users[users.push({ ...user, id: randomUUID() }) - 1],
    getUser: async (id) => find(users, { id }),
    getUserByEmail: async (email) => find(users, { email }),
    getUserByAccount: async (account) => {
      const known = find(accounts, account);
      return known && find(users, { id: known.userId });
    },
    updateUser: async (user) => Object.assign(find(users, { id: user.id }), user),
    linkAccount: async (account) => void accounts.push(account),
    createSession: async (session) => sessions[sessions.push(session) - 1],
    getSessionAndUser: async (sessionToken) => {
      const session = find(sessions, { sessionToken });
      return session && { session, user: find(users, { id: session.userId }) };
    },
    updateSession: async (session) => Object.assign(find(sessions, { sessionToken: session.sessionToken }), session),
    deleteSession: async (sessionToken) => removeSessions((one) => one.sessionToken === sessionToken),
  };
  const people = {
    ...adapter,
    findByDirectoryUser: async (directoryUserId) => {
      const link = find(links, { directoryUserId });
      return link && find(users, { id: link.userId });
    },
    linkDirectoryUser: async (link) => {
      const known = find(links, { directoryUserId: link.directoryUserId });
      if (known && known.place.sequence >= link.place.sequence) return false;
      if (known) Object.assign(known, link);
      else links.push(link);
      return true;
    },
    deleteSessionsOf: async (userId) => removeSessions((one) => one.userId === userId),
    hasLeft: async (userId) => links.some((link) => link.userId === userId && !link.active),
  };

  const shared = {
    secret: process.env.AUTH_SECRET,
    trustHost: true,
    skipCSRFCheck,
    logger: { error() {}, warn() {}, debug() {} },
  };
  const signIn = ({ user }) => maySignIn(user, people);
  const stored = {
    ...shared,
    basePath: '/stored',
    adapter,
    callbacks: { signIn },
    providers: [{
      id: 'idp', name: 'IdP', type: 'oauth', clientId: 'app', clientSecret: 'secret', issuer,
      authorization: issuer + '/authorize', token: issuer + '/token', userinfo: issuer + '/userinfo',
      profile: ({ sub, email }) => ({ id: sub, email, name: null, image: null }),
      allowDangerousEmailAccountLinking: true,
    }],
  };
  const signed = {
    ...shared,
    basePath: '/signed',
    session: { strategy: 'jwt' },
    callbacks: { signIn, jwt: async ({ token }) => ((await maySignIn(token, people)) ? token : null) },
    providers: [Credentials({ credentials: { email: {} }, authorize: ({ email }) => ({ id: email, email }) })],
  };

  /** What a browser keeps from answer to answer. */
  const newBrowser = (config) => {
    const cookies = new Map();
    return async (path, form) => {
      const headers = { cookie: [...cookies].map(([name, value]) => name + '=' + value).join('; ') };
      const sent = form && { method: 'POST', body: new URLSearchParams(form) };
      const answer = await Auth(new Request('http://app.test' + config.basePath + path, { headers, ...sent }), config);
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    };
  };
  const signInAt = {
    stored: async (email) => {
      const visit = newBrowser(stored);
      const asked = new URL((await visit('/signin/idp', {})).headers.get('location'));
      const state = asked.searchParams.get('state');
      await visit('/callback/idp?' + new URLSearchParams({ code: email, ...(state && { state }) }));
      return visit;
    },
    signed: async (email) => {
      const visit = newBrowser(signed);
      await visit('/callback/credentials', { email });
      return visit;
    },
  };
  const isSignedIn = async (visit) => (await (await visit('/session')).json())?.user !== undefined;

  const before = [await signInAt.stored('ada@acme.test'), await signInAt.signed('ada@acme.test')];
  for (const visit of before) if (!(await isSignedIn(visit))) throw new Error('could not sign in');
  const apply = (event) => applyEvent(event, people);
  const told = (answers, yes, no) => [...new Set(answers.map((is) => (is ? yes : no)))].join(' and ');
  const tell = async (email) => {
    const still = email === 'ada@acme.test' ? await Promise.all(before.map(isSignedIn)) : [false];
    const again = await Promise.all([await signInAt.stored(email), await signInAt.signed(email)].map(isSignedIn));
    return told(still, 'signed in', 'signed out') + ' ' + told(again, 'given', 'refused');
  };
${SERVE}`;

/**
 * Its SDK for Node.js. The core, a server of its own in Java, is stood in for: of its routes those of sessions and of metadata, as the
 * SDK calls them (version 5.4 of the core's interface).
 */
export const SUPERTOKENS_APP = `${IMPORTS}
  import { randomUUID } from 'node:crypto';
  import { once } from 'node:events';
  import SuperTokens from 'supertokens-node';
  import Session from 'supertokens-node/recipe/session/index.js';
  import UserMetadata from 'supertokens-node/recipe/usermetadata/index.js';
  import { refuseWhoHasLeft } from './refuse-sessions.js';

  const [sessions, metadata] = [new Map(), new Map()];
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const ROUTES = {
    'GET /apiversion': () => ({ versions: ['5.4'] }),
    'GET /user/id': () => ({ status: 'UNKNOWN_USER_ID_ERROR' }),
    'POST /public/recipe/session': ({ userId, userDataInJWT }) => {
      const session = { handle: randomUUID(), userId, recipeUserId: userId, userDataInJWT, tenantId: 'public' };
      sessions.set(session.handle, session);
      const times = { createdTime: Date.now(), expiry: Date.now() + 3_600_000 };
      const token = [{ alg: 'RS256', typ: 'JWT', version: '5', kid: 's-1' }, { sub: userId, sessionHandle: session.handle }, 's'].map(encode).join('.');
      return { status: 'OK', session, accessToken: { token, ...times }, refreshToken: { token: 'r', ...times } };
    },
    'GET /recipe/session': ({ sessionHandle }) => {
      const session = sessions.get(sessionHandle);
      return session
        ? { status: 'OK', ...session, sessionHandle, userDataInDatabase: {}, timeCreated: 0, expiry: 0 }
        : { status: 'UNAUTHORISED' };
    },
    'POST /recipe/session/remove': ({ userId }) => {
      const own = [...sessions.values()].filter((session) => session.userId === userId).map(({ handle }) => handle);
      own.forEach((handle) => sessions.delete(handle));
      return { status: 'OK', sessionHandlesRevoked: own };
    },
    'GET /recipe/user/metadata': ({ userId }) => ({ status: 'OK', metadata: metadata.get(userId) ?? {} }),
    'PUT /recipe/user/metadata': ({ userId, metadataUpdate }) => {
      metadata.set(userId, { ...metadata.get(userId), ...metadataUpdate });
      return { status: 'OK', metadata: metadata.get(userId) };
    },
  };
  const core = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://core');
    const body = (await buffer(request)).toString();
    const route = ROUTES[request.method + ' ' + url.pathname];
    if (!route) console.log('no route of the core:', request.method, url.pathname);
    const answer = route?.({ ...Object.fromEntries(url.searchParams), ...(body && JSON.parse(body)) });
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  }).listen(0, '127.0.0.1');
  await once(core, 'listening');

  SuperTokens.init({
    framework: 'custom',
    supertokens: { connectionURI: 'http://127.0.0.1:' + core.address().port },
    appInfo: { appName: 'App', apiDomain: 'http://app.test', websiteDomain: 'http://app.test' },
    recipeList: [Session.init({ override: { functions: refuseWhoHasLeft } }), UserMetadata.init()],
    telemetry: false,
  });
  const person = 'ada';
  const signIn = () =>
    Session.createNewSessionWithoutRequestResponse('public', SuperTokens.convertToRecipeUserId(person));
  const before = await signIn();
  const isThere = async (session) => (await Session.getSessionInformation(session.getHandle())) !== undefined;
  if (!(await isThere(before))) throw new Error('could not sign in');
  const findUser = async (directoryUserId) => (directoryUserId === process.env.DIRECTORY_USER ? person : null);
  const apply = (event) => applyEvent(event, { session: Session, metadata: UserMetadata, findUser });
  const tell = async () => {
    const again = await signIn().then(() => 'given', (error) => (error.message.includes('company') ? 'refused' : error.message));
    return [(await isThere(before)) ? 'signed in' : 'signed out', again].join(' ');
  };
${SERVE}`;
