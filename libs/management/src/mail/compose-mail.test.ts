import { describe, expect, it } from 'vitest';
import { composeMail, mailName } from './compose-mail';

const content = {
  subject: 'Set up Directory Sync',
  paragraphs: ['You are asked to connect <Acme> & Sons.'],
  action: { label: 'Open the portal', url: 'https://rollcall.example/portal/open#a&b' },
  footer: ['Sent for Harborlight.'],
};

describe('composeMail', () => {
  it('says the same as text and as HTML', () => {
    const { text, html } = composeMail(content);
    for (const part of ['Open the portal', 'Sent for Harborlight.']) {
      expect(text).toContain(part);
      expect(html).toContain(part);
    }
    expect(text).toContain('https://rollcall.example/portal/open#a&b');
  });

  it('takes nothing of a name for HTML', () => {
    const { html } = composeMail(content);
    expect(html).toContain('&lt;Acme&gt; &amp; Sons');
    expect(html).not.toContain('<Acme>');
  });

  it('loads nothing: no picture, no style and no script from anywhere', () => {
    expect(composeMail(content).html).not.toMatch(/<img|<link|<script|url\(|@import/i);
  });

  it('sets a code apart', () => {
    const { text, html } = composeMail({ ...content, action: undefined, code: '012345' });
    expect(text).toMatch(/^ {4}012345$/m);
    expect(html).toContain('>012345<');
  });

  it('keeps its subject in one line, whatever is in a name', () => {
    const { subject } = composeMail({ ...content, subject: 'A\r\nBcc: eve@evil.test\u2028x' });
    expect(subject).toBe('A Bcc: eve@evil.test x');
  });
});

describe('mailName', () => {
  it('cuts a text that somebody gave as a name', () => {
    expect(Array.from(mailName('x'.repeat(200))).length).toBe(60);
    expect(Array.from(mailName('👩‍👩‍👧'.repeat(100))).length).toBe(60);
  });

  it('leaves out what turns the direction of the text behind it', () => {
    expect(mailName('RLO\u202Eexe')).toBe('RLO exe');
    expect(mailName('نور')).toBe('نور');
  });
});
