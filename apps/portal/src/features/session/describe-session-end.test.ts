import type { PortalSession } from '@rollcall/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { showBranding } from '../../shared/branding/app-name';
import { describeKept, describeSessionEnd } from './describe-session-end';

const NOW = new Date('2026-11-29T12:00:00Z');
const session = (expireTime: string): PortalSession => ({
  session: { expire_time: expireTime },
  organization: { id: 'org_1', display_name: 'Acme' },
  features: [{ name: 'dir_sync', enabled: true }],
  portal: {
    display_name: null,
    logo_path: null,
    accent_color: null,
    support_contact: null,
    allowed_origins: [],
    admin_may_map_roles: false,
    admin_may_map_attributes: false,
  },
});
const open = session('2026-11-29T12:00:01Z');
const over = session('2026-11-29T12:00:00Z');
const KEPT = /Everything you set up is saved/;

afterEach(() => showBranding({ display_name: null, support_contact: null }));

describe('describeSessionEnd', () => {
  it('says that the time has run out where it has, whether the server knows or only the page', () => {
    const expired = describeSessionEnd('session_expired', open, NOW);
    expect(expired.advice).toMatch(/six hours/);
    expect(describeSessionEnd('session_missing', over, NOW)).toEqual(expired);
  });

  it('says that it was closed where there is no session before its time', () => {
    const closed = describeSessionEnd('session_ended', open, NOW);
    expect(closed.advice).not.toMatch(/six hours/);
    expect(describeSessionEnd('session_missing', open, NOW)).toEqual(closed);
  });

  it('says that access was withdrawn, and what to do', () => {
    const { title, advice } = describeSessionEnd('session_revoked', open, NOW);
    expect(title).toMatch(/withdrawn/);
    expect(advice).toMatch(/ask the vendor for a new link/);
  });

  it('promises that everything is kept wherever it is, and nowhere else', () => {
    for (const code of ['session_expired', 'session_ended', 'session_revoked']) {
      expect(describeSessionEnd(code, open, NOW).advice).toMatch(KEPT);
    }
    const { advice } = describeSessionEnd('organization_deleted', open, NOW);
    expect(advice).not.toMatch(KEPT);
    expect(advice).not.toMatch(/new link/);
  });

  it('says that it keeps working only where Directory Sync is known to be on', () => {
    expect(describeKept(open)).toMatch(/keeps working/);
    expect(describeKept({ ...open, features: [{ name: 'dir_sync', enabled: false }] })).not.toMatch(/working/);
    expect(describeKept(undefined)).not.toMatch(/working/);
  });

  it('names whom to ask where the vendor has said it', () => {
    showBranding({ display_name: 'Acme', support_contact: 'help@acme.test' });
    for (const code of ['session_expired', 'session_ended', 'session_revoked', 'organization_deleted']) {
      expect(describeSessionEnd(code, open, NOW).advice).toContain('vendor (help@acme.test)');
    }
    expect(describeSessionEnd('session_revoked', open, NOW).advice).toMatch(/withdrawn by the vendor of Acme\. Every/);
  });

  it('asks for a link where there never was a session', () => {
    expect(describeSessionEnd('session_missing', undefined, NOW).title).toBe('Open the portal with a link');
  });

  it('takes the code of a later server for a session that was closed', () => {
    expect(describeSessionEnd('session_paused', open, NOW)).toEqual(describeSessionEnd('session_ended', open, NOW));
  });
});
