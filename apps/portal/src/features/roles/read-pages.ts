interface RowsPage<Row> {
  rows: Row[];
  next: string;
}

/** The rows of a list, page after page: at most as many as are wanted, however long it is. `read` gets no token for the first page. */
export async function readPages<Row>(
  wanted: number,
  read: (pageToken?: string) => Promise<RowsPage<Row>>,
): Promise<Row[]> {
  let page = await read();
  const rows = [...page.rows];
  while (page.next !== '' && rows.length < wanted) {
    page = await read(page.next);
    rows.push(...page.rows);
  }
  return rows.slice(0, wanted);
}
