import { signTestWebhook, TestDirectory } from '@rollcall/sdk/testing';

/** For your own tests: sends your route what a server sends when somebody joins, changes teams and leaves. Answers what it answered. */
export async function sendTestWebhooks(url: string, secret: string): Promise<number[]> {
  const directory = new TestDirectory();
  const team = directory.createGroup({ display_name: 'Engineering' });
  const ann = directory.createUser({ email: 'ann@acme.example', active: true });
  directory.addMember(team.id, ann.id);
  directory.updateUser(ann.id, { active: false });
  const answers: number[] = [];
  for (const event of directory.events) {
    const answer = await fetch(url, { method: 'POST', ...(await signTestWebhook(event, { secret })) });
    answers.push(answer.status);
  }
  return answers;
}
