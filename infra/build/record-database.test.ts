import { describe, expect, it } from 'vitest';
import { findForbidden, findUnrecorded, readContent, readRecord } from './record-database.js';

const record = {
  version: 7,
  oldestServed: 5,
  migrations: { '1-create.ts': 'a' },
  functions: { find_answer: { signature: '(p_question text)', sha256: 'b' } },
};

describe('the record of the database', () => {
  it('says what the files say: after a change run "npm run record-database" and commit what it writes', () => {
    expect(findForbidden(readRecord(), readContent())).toEqual([]);
    expect(findUnrecorded(readRecord(), readContent())).toEqual([]);
  });

  it('refuses another text of a migration that has landed, and its end', () => {
    const advice = expect.stringMatching(/1-create\.ts has landed.*: take the change back and add a migration\.$/);
    expect(findForbidden(record, { ...record, migrations: { '1-create.ts': 'other' } })).toEqual([advice]);
    expect(findForbidden(record, { ...record, migrations: {} })).toEqual([advice]);
  });

  it('refuses another signature of a function that the recorded version has', () => {
    const functions = { find_answer: { signature: '(p_question text, p_hint text)', sha256: 'c' } };
    expect(findForbidden(record, { ...record, functions })).toEqual([
      expect.stringMatching(/^find_answer has another signature.*give the changed function a new name\.$/),
    ]);
  });

  it('refuses to serve only processes that do not exist yet', () => {
    expect(findForbidden({ ...record, oldestServed: 8 }, record)).toHaveLength(1);
  });

  it('takes another text, a new function, an unlisted one and a new migration, as a new version', () => {
    const functions = {
      find_answer: { signature: '(p_question text)', sha256: 'c' },
      ask: { signature: '()', sha256: 'd' },
    };
    const changed = { migrations: { ...record.migrations, '2-add.ts': 'e' }, functions };
    expect(findForbidden(record, changed)).toEqual([]);
    expect(findUnrecorded(record, changed)).toEqual(['2-add.ts', 'find_answer', 'ask']);
    expect(findForbidden(record, { ...record, functions: {} })).toEqual([]);
    expect(findUnrecorded(record, { ...record, functions: {} })).toEqual(['find_answer']);
  });
});
