import type { PortalSettings } from '@rollcall/sdk';
import { describe, expect, it } from 'vitest';
import { draftOf, findBadOrigins, inputOf, isEdited } from './settings-draft';

const settings: PortalSettings = {
  display_name: 'Harborlight',
  logo_url: null,
  logo_path: null,
  accent_color: '#2563eb',
  support_contact: null,
  allowed_origins: ['https://app.harborlight.test', 'http://localhost:3000'],
  admin_may_map_roles: true,
  admin_may_map_attributes: false,
};

describe('a draft of the settings', () => {
  it('is sent as what it was made of, and counts as nothing changed', () => {
    const { logo_path: _shown, ...sent } = settings;
    expect(inputOf(draftOf(settings))).toEqual(sent);
    expect(isEdited(draftOf(settings), settings)).toBe(false);
  });

  it('sets nothing by a field that is empty or blank', () => {
    const draft = { ...draftOf(settings), name: '  ', accent: '' };
    expect(inputOf(draft)).toMatchObject({ display_name: null, accent_color: null });
    expect(isEdited(draft, settings)).toBe(true);
  });

  it('names what is no origin', () => {
    const good = ['https://a.test', 'https://a.test:8443/', 'http://localhost:3000', 'http://127.0.0.1'];
    const bad = ['http://a.test', 'https://*.a.test', 'https://a.test/app', 'a.test', 'https://u:p@a.test'];
    const origins = [...good, ...bad].join('\n');
    expect(findBadOrigins({ ...draftOf(settings), origins })).toEqual(bad);
  });

  it('takes origins however they are separated', () => {
    const origins = 'https://a.test, https://b.test\n\n  https://c.test ';
    expect(inputOf({ ...draftOf(settings), origins }).allowed_origins).toEqual([
      'https://a.test',
      'https://b.test',
      'https://c.test',
    ]);
  });
});
