import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { toCurl } from './src/shared/format/to-curl';

it('a command gives curl what it names, whatever is in it', () => {
  const body = `{"name":"O'Brien $(rm -rf /) \`id\` \\\\ \\"x\\" \n\u202E ü"}`;
  const command = toCurl({ url: 'https://a.example/?x=1&y=2', headers: { 'webhook-id': "e'v" }, body });
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const given = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
  expect(given).toEqual(['https://a.example/?x=1&y=2', '-H', "webhook-id: e'v", '--data-raw', body, '']);
});
