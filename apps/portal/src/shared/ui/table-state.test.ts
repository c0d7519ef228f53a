import { describe, expect, it } from 'vitest';
import { toTableState } from './table-state';

const rowsOf = (data: number[]) => data;

describe('toTableState', () => {
  it('loads, then shows rows', () => {
    expect(toTableState({ data: undefined, error: null, isPlaceholderData: false }, rowsOf)).toEqual({
      kind: 'loading',
    });
    expect(toTableState({ data: [1], error: null, isPlaceholderData: false }, rowsOf)).toMatchObject({
      kind: 'ready',
      rows: [1],
      isRefreshing: false,
    });
  });

  it('shows an error only when there is nothing else to show', () => {
    const error = new Error('down');
    expect(toTableState({ data: undefined, error, isPlaceholderData: false }, rowsOf)).toEqual({
      kind: 'error',
      error,
    });
    expect(toTableState({ data: [1], error, isPlaceholderData: false }, rowsOf)).toMatchObject({
      kind: 'ready',
      rows: [1],
      refreshError: error,
    });
  });

  it('marks the rows of another page while the asked one is on its way', () => {
    expect(toTableState({ data: [1], error: null, isPlaceholderData: true }, rowsOf)).toMatchObject({
      isRefreshing: true,
    });
  });
});
