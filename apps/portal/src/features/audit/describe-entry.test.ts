import { AUDIT_ACTIONS } from '@rollcall/contract';
import type { AuditEntry } from '@rollcall/sdk';
import { describe, expect, it } from 'vitest';
import { ACTION_OPTIONS, describeAction } from './describe-action';
import { countOf, describeChanges, nameField, reasonOf } from './describe-changes';
import { describeActor, nameTarget, targetAddress } from './describe-entry';

describe('an action', () => {
  it.each(AUDIT_ACTIONS)('%s is told in words', (action) => {
    expect(describeAction(action)).toMatch(/^[A-Z][^._]+$/);
  });

  it('of a later version is told by its name', () => {
    expect(describeAction('spaceship.door_opened')).toBe('Spaceship door opened');
  });

  it('can be asked for, each of them', () => {
    expect(ACTION_OPTIONS.map(({ value }) => value)).toEqual(AUDIT_ACTIONS);
  });
});

describe('what changed', () => {
  it('is told by field, before and after, and never as JSON', () => {
    const told = describeChanges({
      enabled: { from: true, to: false },
      display_name: { from: null, to: 'Acme' },
      organization_ids: { from: ['org_1', 'org_2'], to: [] },
      overlap_seconds: { from: null, to: 86_400 },
      rate_limit: { from: 1_000, to: null },
      'deprovision_guard.window_seconds': { from: 5_400, to: 90 },
      'metadata.plan': { from: '', to: 'pro' },
      attributes: { from: null, to: [{ key: 'userName', map_to: 'login', default: null }] },
    });
    expect(told).toEqual([
      { field: 'Enabled', from: 'on', to: 'off' },
      { field: 'Name', from: null, to: 'Acme' },
      { field: 'Organizations', from: 'org_1, org_2', to: null },
      { field: 'Old one goes on for', from: null, to: '1 day' },
      { field: 'Attempts per second', from: '1,000', to: null },
      { field: 'Deprovision guard: window seconds', from: '90 minutes', to: '90 seconds' },
      { field: 'Metadata: plan', from: null, to: 'pro' },
      { field: 'Attributes', from: null, to: 'key userName, map to login' },
    ]);
    expect(JSON.stringify(told)).not.toContain('{\\"');
  });

  it('has times where the reader is', () => {
    const [told] = describeChanges({ expire_time: { from: null, to: '2026-11-21T10:00:00.000Z' } });
    expect(told?.field).toBe('Expires');
    expect(told?.to).toContain('2026');
    expect(told?.to).not.toContain('T10');
  });

  it('is no count and no reason: these are told beside it', () => {
    const changes = { reason: { from: null, to: 'wrong_secret' }, count: { from: null, to: 12 } };
    expect(describeChanges(changes)).toEqual([]);
    expect(countOf(changes)).toBe(12);
    expect(reasonOf(changes)).toBe('the secret is wrong');
    expect(countOf({ count: { from: null, to: 1 } })).toBeNull();
    expect(reasonOf({})).toBeNull();
    expect(reasonOf({ reason: { from: null, to: 'some_new_reason' } })).toBe('some new reason');
  });

  it('keeps a key of metadata as it is', () => {
    expect(nameField('metadata.a.b_c')).toBe('Metadata: a.b_c');
  });
});

describe('who and what', () => {
  it('has a name, or is told by its kind', () => {
    expect(describeActor({ type: 'api_client', id: 'clt_1', name: 'CI' })).toEqual({ name: 'CI', kind: 'API client' });
    expect(describeActor({ type: 'system', id: null, name: null })).toEqual({ name: 'Rollcall', kind: null });
    expect(nameTarget({ type: 'role', id: 'admin', name: null })).toBe('admin');
  });

  it.each<[AuditEntry['target']['type'], string | null, string | null]>([
    ['webhook_endpoint', null, '/webhooks/x_1'],
    ['directory', 'org_1', '/organizations/org_1/directories/x_1'],
    ['directory', null, null],
    ['person', 'org_1', null],
  ])('%s of %s leads to %s', (type, organization_id, address) => {
    const entry = { target: { type, id: 'x_1', name: null }, organization_id } as AuditEntry;
    expect(targetAddress(entry)).toBe(address);
  });
});
