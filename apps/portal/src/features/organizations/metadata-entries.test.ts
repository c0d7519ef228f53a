import { describe, expect, it } from 'vitest';
import { diffMetadata, newEntry, readMetadata, toEntries } from './metadata-entries';

const STORED = { seats: 12, plan: 'enterprise', flags: { beta: true }, text: '7' };

describe('metadata in the form', () => {
  it('is what was stored as long as nobody changes it', () => {
    expect(readMetadata(toEntries(STORED))).toEqual(STORED);
    expect(diffMetadata(STORED, readMetadata(toEntries(STORED)))).toBeUndefined();
  });

  it('has its keys in order', () => {
    expect(toEntries(STORED).map(({ key }) => key)).toEqual(['flags', 'plan', 'seats', 'text']);
  });

  it('takes what is typed for a text', () => {
    const entries = toEntries(STORED).map((entry) => (entry.key === 'seats' ? { ...entry, text: '13' } : entry));
    expect(diffMetadata(STORED, readMetadata(entries))).toEqual({ seats: '13' });
  });

  it('removes what is taken away, and leaves out rows without a key', () => {
    const entries = [...toEntries(STORED).filter(({ key }) => key !== 'plan'), { ...newEntry(), text: 'lost' }];
    expect(diffMetadata(STORED, readMetadata(entries))).toEqual({ plan: null });
  });

  it('renames by removing and adding', () => {
    const entries = toEntries({ plan: 'enterprise' }).map((entry) => ({ ...entry, key: ' tier ' }));
    expect(diffMetadata({ plan: 'enterprise' }, readMetadata(entries))).toEqual({ plan: null, tier: 'enterprise' });
  });

  it('keeps a key that every object has', () => {
    expect(diffMetadata({}, readMetadata([{ ...newEntry(), key: 'toString', text: 'x' }]))).toEqual({ toString: 'x' });
  });
});
