import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Table } from './table';
import { toTableState } from './table-state';

interface Page {
  names: string[];
  unavailable_cells?: string[];
}

/** What a list says of a page. */
function write(page: Page, isOfPartToo?: true): string {
  const state = toTableState({ data: page, error: null, isPlaceholderData: false }, ({ names }) => names);
  const table = createElement(Table<string>, {
    caption: 'Organizations',
    columns: [{ header: 'Name', cell: (name: string) => name }],
    state,
    rowKey: (name) => name,
    empty: { title: 'No organizations yet', text: 'Create the first one.', isOfPartToo },
    onRetry: () => undefined,
  });
  return renderToStaticMarkup(createElement(I18nProvider, { i18n }, table));
}

describe('a list of which a database has not answered its part', () => {
  it('says so and names the database, above what it has', () => {
    const text = write({ names: ['Acme'], unavailable_cells: ['b', 'c'] });
    expect(text).toContain('Some organizations cannot be shown');
    expect(text).toContain('b, c');
    expect(text).toContain('Try again');
    expect(text).toContain('Acme');
  });

  it('does not say that there is nothing when it has nothing else', () => {
    const text = write({ names: [], unavailable_cells: ['b'] });
    expect(text).toContain('Some organizations cannot be shown');
    expect(text).not.toContain('No organizations yet');
    expect(text).not.toContain('Create the first one.');
  });

  it('still leads to its other pages', () => {
    expect(write({ names: [], unavailable_cells: ['b'] }, true)).toContain('Create the first one.');
  });

  it('says nothing of databases where all have answered', () => {
    expect(write({ names: ['Acme'] })).not.toContain('cannot be shown');
    expect(write({ names: [] })).toContain('No organizations yet');
  });
});
