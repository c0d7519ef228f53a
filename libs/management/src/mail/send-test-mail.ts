import { Environment } from '@rollcall/database';
import { publicId } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { composeMail, mailName } from './compose-mail';
import { writeMail } from './write-mail';
import type { MailTools } from './write-mail';

const DAY = 86_400;

/** Writes a mail that says only that mails arrive. Throws as `writeMail`. */
export async function sendTestMail(
  writer: Writer,
  tools: MailTools,
  environmentId: string,
  { to, publicUrl }: { to: string; publicUrl: string },
): Promise<void> {
  await recordChange(writer, { environmentId }, async (manager) => {
    const { name } = await manager.findOneByOrFail(Environment, { id: environmentId });
    const text = composeMail({
      subject: 'Mail from Rollcall works',
      paragraphs: [`Mails of the environment ${mailName(name)} arrive. There is nothing to do.`],
      footer: [`Sent by the Rollcall at ${publicUrl}, because somebody pressed "Send a test mail".`],
    });
    await writeMail(manager, tools, { environmentId, organizationId: null, kind: 'test', to, text, expiresIn: DAY });
    const target = { type: 'environment' as const, id: publicId('env', environmentId), name };
    const changes = { to: { from: null, to } };
    return { answer: undefined, entries: [{ action: 'mail.tested', target, organizationId: null, changes }] };
  });
}
