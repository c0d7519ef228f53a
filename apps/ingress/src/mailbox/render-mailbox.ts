import type { KeptMail } from '@rollcall/management';
import { escapeHtml } from '@rollcall/platform';
import type { Page } from '../http/pages';

/** The development mailbox as a page of the server's own. */
export function renderMailbox(mails: readonly KeptMail[]): Page {
  const lead = `<p>What this server would have sent: it has no mail server (<code>SMTP_URL</code>). Newest first.</p>
    <p class="actions"><a class="secondary" href="/dashboard/mailbox">Look again</a></p>`;
  const list = mails.length === 0 ? '<p>Nothing was sent yet.</p>' : mails.map(renderMail).join('\n');
  return { title: 'Development mailbox', content: `${lead}\n${list}` };
}

function renderMail({ to, subject, text, createTime }: KeptMail): string {
  const time = createTime.toISOString();
  return `<article class="mail">
    <h2>${escapeHtml(subject)}</h2>
    <p>To ${escapeHtml(to)}, <time datetime="${time}">${time.slice(0, 16).replace('T', ' ')} UTC</time></p>
    <pre tabindex="0">${linkAddresses(text)}</pre>
  </article>`;
}

/** Addresses in a text become links: its own, for names in it are cut short and hold no space. */
function linkAddresses(text: string): string {
  return escapeHtml(text).replaceAll(/^https?:\/\/\S+$/gm, (url) => `<a href="${url}">${url}</a>`);
}
