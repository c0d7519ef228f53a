import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishResult, refusePublishing, renderPage } from './publish-results';
import type { Published } from './publish-results';

function published(scenario: string, overrides: Partial<Published> = {}): Published {
  return {
    scenario,
    seconds: 1,
    time: '2026-01-02T03:04:05Z',
    machine: 'A machine.',
    method: 'Medians.',
    contenders: [{ contender: 'rollcall', median: { perSecond: 10 }, spread: { perSecond: 0 } }],
    goals: [],
    ...overrides,
  };
}

const SECTIONS = [
  { title: 'Users', scenarios: [{ name: 'create' }, { name: 'read', note: 'By id.' }] },
  { title: 'Groups', scenarios: [{ name: 'add' }] },
];

describe('renderPage', () => {
  it('shows each section that has results, with its notes', () => {
    const page = renderPage([published('create'), published('read')], SECTIONS);
    expect(page).toContain('## Users\n\n| scenario | of | per second |\n|---|---|--:|\n| create | rollcall | 10 |');
    expect(page).toContain('- **read**: By id.');
    expect(page).not.toContain('## Groups');
  });

  it('tells apart what was measured on several machines', () => {
    const page = renderPage(
      [published('create'), published('add', { machine: 'Another.', time: '2026-02-01T00:00:00Z' })],
      SECTIONS,
    );
    expect(page).toContain('- 2026-01-02: A machine. Medians. create.\n- 2026-02-01: Another. Medians. add.');
  });
});

describe('publishResult', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-results-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function rowsOfPage(): string[] {
    const page = readFileSync(join(folder, 'RESULTS.md'), 'utf8');
    return page.split('\n').filter((line) => /^\| (create|read|add) /.test(line));
  }

  it('puts a scenario in the place of what was published of it, and leaves the others', () => {
    const rate = (perSecond: number) => ({ contender: 'rollcall', median: { perSecond }, spread: { perSecond: 0 } });
    publishResult(published('add'), SECTIONS, folder);
    publishResult(published('create'), SECTIONS, folder);
    publishResult(published('add', { contenders: [rate(20)] }), SECTIONS, folder);
    expect(rowsOfPage()).toEqual(['| create | rollcall | 10 |', '| add | rollcall | 20 |']);
  });

  it('forgets a scenario that is measured no more, and keeps the medians alone', () => {
    const withRounds = { contender: 'rollcall', median: {}, spread: {}, rounds: [{ perSecond: 10 }] };
    publishResult(published('create', { contenders: [withRounds] }), SECTIONS, folder);
    expect(readFileSync(join(folder, 'published.json'), 'utf8')).not.toContain('rounds');
    publishResult(published('add'), SECTIONS.slice(1), folder);
    expect(rowsOfPage()).toEqual(['| add | rollcall | 10 |']);
  });
});

describe('refusePublishing', () => {
  it('lets only what was measured on a quiet machine beside all others be published', () => {
    expect(refusePublishing(published('read', { others: 0.02 }), [])).toBeNull();
    expect(refusePublishing(published('read', { others: 0.2 }), [])).toContain('20 % of the machine');
    expect(refusePublishing(published('read'), [])).toContain('cannot be told');
    expect(refusePublishing(published('read', { others: 0.02 }), ['better-auth'])).toContain('better-auth did not run');
  });
});
