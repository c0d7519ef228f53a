import { expect, it } from 'vitest';
import { refuseBeyondLimit } from './refuse-beyond-limit';

it.each([
  ['secrets', 10, 'too_many_secrets'],
  ['directories', 100, 'too_many_directories'],
  ['webhookEndpoints', 100, 'too_many_webhook_endpoints'],
  ['handOvers', 20, 'too_many_hand_overs'],
  ['replays', 10, 'too_many_replays'],
] as const)('lets %s grow to %i and refuses one more as %s', (noun, max, code) => {
  expect(() => refuseBeyondLimit(noun, max - 1)).not.toThrow();
  expect(() => refuseBeyondLimit(noun, max)).toThrow(
    expect.objectContaining({ kind: 'refused', code, message: expect.stringContaining(`${max} `) as string }),
  );
});
