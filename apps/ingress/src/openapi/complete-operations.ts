import type { Answer, ApiDocument, Operation, Parameter } from './document-types';
import { exampleOf } from './example-of';
import { REQUEST_EXAMPLES } from './request-examples';

/** Answers of one JSON object a line, which no schema can say. */
const LINES: Readonly<Record<string, string>> = {
  getDirectorySnapshot: `{"kind":"header","directory_id":"dir_01kag3v2q9x8w7n6m5k4j3h2g1","sequence":42,"epoch":1,"time":"2026-11-21T10:20:17.072Z"}
{"kind":"end","users":0,"groups":0,"memberships":0}
`,
  listAuditLog: `{"id":"aud_01kag3v2q9x8w7n6m5k4j3h2g1","occurred_at":"2026-11-21T10:20:17.072Z","action":"directory.created"}
`,
};

const RETRY_AFTER = { 'Retry-After': { description: 'Whole seconds.', schema: { type: 'integer' }, example: 2 } };

const problem = (code: string, message: string, description: string, headers?: Answer['headers']): Answer => ({
  description,
  ...(headers && { headers }),
  content: {
    'application/json': {
      schema: { $ref: '#/components/schemas/Problem' },
      example: { error: { code, message, request_id: 'req_01kag3v2q9x8w7n6m5k4j3h2g1' } },
    },
  },
});

/** Errors that mean the same wherever they come. */
const PROBLEMS = {
  InvalidRequest: problem(
    'invalid_request',
    'page_size must be a whole number from 1 to 100.',
    'The request is malformed, or has a field or parameter that is unknown or wrong.',
  ),
  Unauthenticated: problem(
    'invalid_token',
    'The access token has expired: get a new one at /oauth/token.',
    'The access token or API key is missing, unknown, expired or revoked.',
  ),
  NotFound: problem(
    'organization_not_found',
    'There is no such organization.',
    'What the path names is not there, or not for this client.',
  ),
  Conflict: problem(
    'idempotency_key_in_use',
    'A request with this Idempotency-Key is under way. Send it again in a second for its answer.',
    'What is asked for is there already, or does not go with what is; or a request with this Idempotency-Key is under way.',
  ),
  Refused: problem(
    'idempotency_key_reused',
    'This Idempotency-Key came with another request before. Send a new key with a new request.',
    'Well-formed, but refused; or the Idempotency-Key came with another request before.',
  ),
  RateLimited: problem(
    'rate_limited',
    'Too many requests: try again in 2 seconds.',
    'More than the limit of the environment, or of what the operation does at a time.',
    RETRY_AFTER,
  ),
} as const;

const FORBIDDEN_EXAMPLE = {
  error: { code: 'insufficient_scope', message: 'The API client has not the scope that this call takes.' },
};

const ORGANIZATION_CLIENTS: Readonly<Record<string, string>> = {
  own: 'A client of one organization may call it for that organization.',
  filtered: 'A client of one organization is shown what is its organization’s.',
  shared: 'A client of one organization may call it.',
  refused: 'A client of one organization may not call it.',
};

/** Adds to every operation who may call it, what it is answered when it is refused, and examples of what is sent and answered. */
export function completeOperations(document: ApiDocument): void {
  const { schemas } = document.components;
  document.components.responses = { ...PROBLEMS };
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      describeAccess(operation);
      if (path.startsWith('/api/')) addProblems(path, operation);
      if (method === 'post' && path.startsWith('/api/')) takeIdempotencyKey(operation);
      addParameterExamples(operation);
      addExamples(operation, schemas);
    }
  }
}

function describeAccess(operation: Operation): void {
  const scope = operation.security?.flatMap(({ access_token: scopes = [] }) => scopes)[0];
  const clients = ORGANIZATION_CLIENTS[operation['x-organization-clients'] ?? ''];
  const access = scope && clients ? `Takes the scope \`${scope}\`. ${clients}` : 'Takes a client_id and its secret.';
  operation.description = operation.description ? `${operation.description}\n\n${access}` : access;
}

function addProblems(path: string, operation: Operation): void {
  const takesInput = operation.requestBody || (operation.parameters?.length ?? 0) > 0;
  const named: [string, keyof typeof PROBLEMS][] = [
    ...(takesInput ? [['400', 'InvalidRequest'] satisfies [string, keyof typeof PROBLEMS]] : []),
    ['401', 'Unauthenticated'],
    ...(path.includes('{') ? [['404', 'NotFound'] satisfies [string, keyof typeof PROBLEMS]] : []),
    ['429', 'RateLimited'],
  ];
  for (const [status, name] of named) operation.responses[status] ??= { $ref: `#/components/responses/${name}` };
}

function takeIdempotencyKey(operation: Operation): void {
  operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  operation.responses['409'] ??= { $ref: '#/components/responses/Conflict' };
  operation.responses['422'] ??= { $ref: '#/components/responses/Refused' };
}

/** Of every operation that POST calls. */
const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes a repeat safe: for 24 hours a request with the same key and body is not carried out again but answered as before, with `Idempotency-Replayed: true`. A key is its sender’s own. 1 to 255 printable characters.',
  schema: { type: 'string' },
  example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
};

/** An id of each kind, by the name that paths give it. */
const PATH_EXAMPLES: Readonly<Record<string, string>> = {
  client_id: 'clt_01kag3v2q9x8w7n6m5k4j3h2g1',
  contact_id: 'con_01kag3v2q9x8w7n6m5k4j3h2g1',
  delivery_id: 'dlv_01kag3v2q9x8w7n6m5k4j3h2g1',
  directory_id: 'dir_01kag3v2q9x8w7n6m5k4j3h2g1',
  endpoint_id: 'whe_01kag3v2q9x8w7n6m5k4j3h2g1',
  erasure_id: 'era_01kag3v2q9x8w7n6m5k4j3h2g1',
  event_id: 'evt_01kag3v2q9x8w7n6m5k4j3h2g1',
  external_id: 'acme',
  group_id: 'dirgroup_01kag3v2q9x8w7n6m5k4j3h2g1',
  hand_over_id: 'hov_01kag3v2q9x8w7n6m5k4j3h2g1',
  link_id: 'lnk_01kag3v2q9x8w7n6m5k4j3h2g1',
  organization_id: 'org_01kag3v2q9x8w7n6m5k4j3h2g1',
  replay_id: 'rpl_01kag3v2q9x8w7n6m5k4j3h2g1',
  request_id: 'req_01kag3v2q9x8w7n6m5k4j3h2g1',
  role_name: 'editor',
  secret_id: 'sec_01kag3v2q9x8w7n6m5k4j3h2g1',
  user_id: 'diruser_01kag3v2q9x8w7n6m5k4j3h2g1',
};

function addParameterExamples({ parameters = [] }: Operation): void {
  for (const parameter of parameters) {
    const example = parameter.in === 'path' ? PATH_EXAMPLES[parameter.name] : undefined;
    if (example !== undefined) parameter.example = example;
  }
}

function addExamples(operation: Operation, schemas: ApiDocument['components']['schemas']): void {
  const request = REQUEST_EXAMPLES[operation.operationId];
  for (const media of Object.values(operation.requestBody?.content ?? {})) media.example = request;
  for (const [status, answer] of Object.entries(operation.responses)) {
    if ('$ref' in answer) continue;
    answer.description ||= DESCRIPTIONS[status] ?? 'Done.';
    for (const [type, media] of Object.entries(answer.content ?? {})) {
      if (status === '403') media.example = FORBIDDEN_EXAMPLE;
      else if (type === 'application/x-ndjson') media.example = LINES[operation.operationId];
      else media.example = exampleOf(media.schema, schemas);
    }
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '200': 'As asked.',
  '201': 'Made.',
  '202': 'Accepted: it is done by and by.',
  '204': 'Done; there is no body.',
  '400': 'The request is malformed or incomplete.',
  '401': 'The client is unknown, or its secret is wrong.',
  '429': 'Too many attempts: try again later.',
};
