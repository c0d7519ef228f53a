import { escapeHtml } from '@rollcall/platform';

/** A mail without its addresses. */
export interface MailText {
  subject: string;
  /** Plain text. */
  text: string;
  html: string;
}

export interface MailContent {
  subject: string;
  paragraphs: readonly string[];
  /** What its reader is to do: a link that is also written out. */
  action?: { label: string; url: string };
  /** A code to be typed, set apart. */
  code?: string;
  /** Small print: why its reader got this, and what to do about it. */
  footer: readonly string[];
  /** One more link in the small print. */
  footerLink?: { label: string; url: string };
}

/**
 * A mail as text and as plain HTML that says the same: no pictures, no address of ours but the links that are read, so that nobody
 * learns when it was opened.
 */
export function composeMail(content: MailContent): MailText {
  return { subject: oneLine(content.subject, SUBJECT_MAX), text: composeText(content), html: composeHtml(content) };
}

/** Longer names are cut: what somebody else chose to be called is no place for a text of its own. */
const NAME_MAX = 60;
const SUBJECT_MAX = 200;

/** A name of somebody else's as a mail says it: one line, without marks that turn the direction of the text behind it. */
export function mailName(name: string): string {
  return oneLine(name, NAME_MAX);
}

function oneLine(text: string, max: number): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\s]+/gu, ' ')
    .trim()
    .normalize();
  const characters = Array.from(line);
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line;
}

function composeText({ paragraphs, action, code, footer, footerLink }: MailContent): string {
  const parts = [
    ...paragraphs,
    ...(code === undefined ? [] : [`    ${code}`]),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    '--',
    ...footer,
    ...(footerLink ? [`${footerLink.label}: ${footerLink.url}`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const FONT = `font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Arial,sans-serif`;

function composeHtml({ subject, paragraphs, action, code, footer, footerLink }: MailContent): string {
  const body = [
    ...paragraphs.map((text) => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`),
    ...(code === undefined
      ? []
      : [
          `<p style="margin:0 0 16px;font-size:28px;font-weight:600;letter-spacing:6px;font-family:monospace">${escapeHtml(code)}</p>`,
        ]),
    ...(action
      ? [
          `<p style="margin:0 0 16px"><a href="${escapeHtml(action.url)}" style="display:inline-block;padding:11px 20px;border-radius:8px;background:#14201d;color:#ffffff;text-decoration:none;font-weight:600">${escapeHtml(action.label)}</a></p>`,
          `<p style="margin:0 0 16px;font-size:13px;color:#4c5a56">Or copy this address into your browser:<br><span style="word-break:break-all">${escapeHtml(action.url)}</span></p>`,
        ]
      : []),
  ];
  const small = [
    ...footer.map((text) => `<p style="margin:0 0 8px">${escapeHtml(text)}</p>`),
    ...(footerLink
      ? [
          `<p style="margin:0"><a href="${escapeHtml(footerLink.url)}" style="color:#4c5a56">${escapeHtml(footerLink.label)}</a></p>`,
        ]
      : []),
  ];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#14201d;font-size:15px;line-height:1.55;${FONT}">
<div style="max-width:520px">
${body.join('\n')}
<div style="margin-top:24px;padding-top:16px;border-top:1px solid #dfe5e3;font-size:13px;color:#4c5a56">
${small.join('\n')}
</div>
</div>
</body>
</html>
`;
}
