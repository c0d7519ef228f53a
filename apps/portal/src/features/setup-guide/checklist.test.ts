import { describe, expect, it } from 'vitest';
import { readChecklist, writeChecklist } from './checklist';

function createStore(entries: Record<string, string> = {}) {
  const kept = new Map(Object.entries(entries));
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

const refusing = {
  getItem: () => {
    throw new Error('storage is blocked');
  },
  setItem: () => {
    throw new Error('storage is full');
  },
};

describe('checklist', () => {
  it('keeps ticks per directory', () => {
    const store = createStore();
    writeChecklist(store, 'dir_a', new Set(['one', 'two']));
    expect([...readChecklist(store, 'dir_a')]).toEqual(['one', 'two']);
    expect([...readChecklist(store, 'dir_b')]).toEqual([]);
  });

  it.each(['', '{', '{"a":1}', 'null', '[1,null]'])('reads the damaged entry %j as nothing ticked', (text) => {
    expect([...readChecklist(createStore({ 'rollcall.setup.dir_a': text }), 'dir_a')]).toEqual([]);
  });

  it('works without storage', () => {
    expect(() => writeChecklist(refusing, 'dir_a', new Set(['one']))).not.toThrow();
    expect([...readChecklist(refusing, 'dir_a')]).toEqual([]);
  });
});
