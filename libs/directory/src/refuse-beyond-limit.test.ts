import { expect, it } from 'vitest';
import { refuseBeyondLimit } from './refuse-beyond-limit';

it.each([
  ['secrets', 10, 'too_many_secrets'],
  ['directories', 100, 'too_many_directories'],
  ['apiClients', 100, 'too_many_api_clients'],
  ['clientSecrets', 3, 'too_many_live_secrets'],
  ['members', 200, 'too_many_members'],
  ['environments', 50, 'too_many_environments'],
  ['passkeys', 20, 'too_many_passkeys'],
  ['contacts', 20, 'too_many_contacts'],
  ['webhookEndpoints', 100, 'too_many_webhook_endpoints'],
  ['handOvers', 20, 'too_many_hand_overs'],
  ['replays', 10, 'too_many_replays'],
] as const)('lets %s grow to %i and refuses one more as %s', (noun, max, code) => {
  expect(() => refuseBeyondLimit(noun, max - 1)).not.toThrow();
  expect(() => refuseBeyondLimit(noun, max)).toThrow(
    expect.objectContaining({ kind: 'refused', code, message: expect.stringContaining(`${max} `) as string }),
  );
});
