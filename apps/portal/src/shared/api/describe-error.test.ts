import { describe, expect, it } from 'vitest';
import { describeError } from './describe-error';
import { isSessionError, isTransient, isUnreached, PortalError, toOutcome, toPortalError } from './portal-error';
import { readSurface } from './surface';

const body = (code: string, message: string) => ({ error: { code, message } });

describe('toPortalError', () => {
  it("keeps the server's code, message and status", () => {
    expect(toPortalError(410, body('link_used', 'The link was used.'))).toMatchObject({
      status: 410,
      code: 'link_used',
      message: 'The link was used.',
    });
  });

  it.each([undefined, 'oops', null, {}, { error: 'text' }, { error: { code: 1, message: 'x' } }])(
    'survives the foreign body %j',
    (foreign) => {
      expect(toPortalError(502, foreign)).toMatchObject({ status: 502, code: 'unreadable' });
    },
  );
});

describe('isTransient', () => {
  it('repeats what may pass and nothing else', () => {
    expect([0, 429, 500, 503].map((status) => isTransient(toPortalError(status, undefined)))).not.toContain(false);
    expect([400, 401, 403, 404, 409, 410, 422].map((status) => isTransient(toPortalError(status, {})))).not.toContain(
      true,
    );
    expect(isTransient(new Error('a bug'))).toBe(false);
  });
});

describe('isUnreached', () => {
  it('is true where nobody answers, or another in the place of the server', () => {
    const answers = [0, 400, 401, 404, 409, 429, 500, 502, 503, 504].map((status) => toPortalError(status, undefined));
    expect(answers.filter(isUnreached).map(({ status }) => status)).toEqual([0, 502, 503, 504]);
    expect(isUnreached(new Error('a bug'))).toBe(false);
  });
});

describe('toOutcome', () => {
  it.each([
    [0, 'network'],
    [0, 'timeout'],
    [200, 'unreadable'],
    [502, 'unreadable'],
    [504, 'unreadable'],
  ])('does not claim that a change was not made when %i %s is all that is known', (status, code) => {
    expect(toOutcome(new PortalError(status, code, ''))).toMatchObject({ status, code: 'outcome_unknown' });
  });

  it.each([
    [403, 'feature_disabled'],
    [403, 'unreadable'],
    [413, 'unreadable'],
    [503, 'unavailable'],
  ])('leaves the refusal %i %s as it is', (status, code) => {
    expect(toOutcome(new PortalError(status, code, ''))).toMatchObject({ status, code });
  });

  it('leaves what is no error of a call as it is', () => {
    const bug = new TypeError('a bug');
    expect(toOutcome(bug)).toBe(bug);
  });
});

describe('isSessionError', () => {
  it('is true for 401 alone', () => {
    expect(isSessionError(toPortalError(401, body('session_expired', 'x')))).toBe(true);
    expect(isSessionError(toPortalError(403, body('feature_disabled', 'x')))).toBe(false);
  });
});

describe('describeError', () => {
  it('says whom to ask while the feature is off', () => {
    expect(describeError(toPortalError(403, body('feature_disabled', 'x'))).advice).toContain('Ask the vendor');
  });

  it('says what to do about a token or a link that cannot be made', () => {
    expect(describeError(toPortalError(422, body('too_many_secrets', 'x'))).advice).toContain('Revoke one');
    expect(describeError(toPortalError(422, body('too_many_hand_overs', 'x'))).advice).toContain('Revoke one');
    expect(describeError(toPortalError(409, body('secret_not_replaceable', 'x'))).advice).toContain(
      'revoke it and add',
    );
  });

  it('says of a change without an answer that it may have been made, and where to look', () => {
    const { title, advice } = describeError(new PortalError(0, 'outcome_unknown', ''));
    expect(title).toContain('may have been done');
    expect(advice).toContain('before you try again');
  });

  it.each(['session_expired', 'session_ended', 'session_revoked', 'session_missing', 'organization_deleted'])(
    'has words of its own for %s',
    (code) => {
      expect(describeError(toPortalError(401, body(code, 'x'))).title).not.toBe('x');
    },
  );

  it('says that nothing was changed when the browser has another organization’s portal open', () => {
    const error = toPortalError(409, body('session_of_another_organization', 'x'));
    expect(describeError(error).advice).toContain('Nothing was changed');
  });

  const refused = (code: string, ...fields: string[]) =>
    new PortalError(400, code, 'What the server says.', { fields: fields.map((field) => ({ field, problem: 'x' })) });

  it('shows what the server says of a refused input only to a reader of English', () => {
    const surface = { ...readSurface(), isEnglish: true };
    expect(describeError(refused('invalid_request', 'email'), surface).title).toBe('What the server says.');
    expect(describeError(refused('invalid_request', 'email')).title).toBe('This is no e-mail address');
  });

  it('says in words of its own what is wrong with each field that an admin fills in', () => {
    const fields = ['email', 'name', 'directory.name', 'attributes.0.key', 'attributes.12.fallback_keys'];
    const titles = [...fields, 'attributes.3.map_to', 'attributes.3.default'].map(
      (field) => describeError(refused('invalid_request', 'other', field)).title,
    );
    expect(titles).not.toContain(describeError(refused('invalid_request', 'other')).title);
    expect(titles).not.toContain('What the server says.');
  });

  it.each([
    [refused('unknown_role'), 'One of these roles does not exist any more'],
    [refused('foreign_origin'), 'The portal takes changes only from its own pages'],
    [refused('invalid_request', 'constructor'), 'The server did not accept this'],
    [new PortalError(418, 'brewing', 'What the server says.'), 'The server did not accept this'],
    [new PortalError(400, 'invalid_request', 'What the server says.', null), 'The server did not accept this'],
    [new PortalError(429, 'too_many_exports', 'What the server says.'), 'Too many exports are running'],
  ])('has words of its own for %s', (error, title) => {
    expect(describeError(error).title).toBe(title);
  });

  it('never shows the text of an unexpected exception', () => {
    expect(describeError(new TypeError("reading 'x' of undefined")).title).not.toContain('undefined');
  });
});
