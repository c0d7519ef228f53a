import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitFeed } from './split-feed';
import type { CellFeed } from './split-feed';

function split(answer: string): CellFeed {
  const work = splitFeed(answer);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

it('gives each event as the text that it is, whatever its data', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), fc.boolean(), (data, hasMore) => {
      const texts = data.map((one, index) =>
        // Spaces, as a text may have them that was not written here.
        JSON.stringify({
          spec_version: '1',
          id: `evt_${index}`,
          sequence: index + 1,

          data: one,
        }).replace('"data":', '"data" : '),
      );
      const page = split(`{"events":[${texts.join(',')}],"next_after":"a\\"b","has_more":${hasMore}}`);
      expect(page.events.map(({ text }) => text)).toEqual(texts);
      expect(page.events.map(({ id, sequence }) => [id, sequence])).toEqual(
        texts.map((_, index) => [`evt_${index}`, index + 1]),
      );
      expect([page.nextAfter, page.hasMore]).toEqual(['a"b', hasMore]);
    }),
  );
});

it('refuses what is no page of a feed, or was cut', () => {
  for (const text of ['', '{"error":{}}', '{"events":[{"id":"evt_1"', '{"events":[{"id":"evt_1"}']) {
    expect(() => split(text)).toThrow(/feed|JSON/);
  }
});
