import { lazy, Suspense, useState } from 'react';
import { Button } from '../../shared/ui/button';
import { Card } from '../../shared/ui/card';
import { Skeleton } from '../../shared/ui/skeleton';
import { Table, type Column } from '../../shared/ui/table';
import type { SeriesChartProps } from './series-chart';
import styles from './overview.module.css';

// What draws is loaded with the first chart that is shown.
const SeriesChart = lazy(async () => ({ default: (await import('./series-chart')).SeriesChart }));

interface ChartCardProps extends Omit<SeriesChartProps, 'label'> {
  title: string;
  /** The whole period in a sentence: what the chart shows, for who does not see it too. */
  summary: string;
}

interface StepRow {
  step: string;
  values: readonly (number | null)[];
}

/** A chart, or the same as a table. */
export function ChartCard({ title, summary, ...chart }: ChartCardProps) {
  const [isTable, setIsTable] = useState(false);
  const other = isTable ? 'Show as chart' : 'Show as table';
  const isEmpty = chart.series.every(({ values }) => values.every((value) => value === null || value === 0));
  return (
    <Card
      title={title}
      lead={summary}
      actions={
        <Button aria-label={`${other}: ${title}`} onClick={() => setIsTable(!isTable)}>
          {other}
        </Button>
      }
    >
      {isTable && <StepTable title={title} {...chart} />}
      {!isTable && isEmpty && <p className={styles.nothing}>There was nothing in this time.</p>}
      {!isTable && !isEmpty && (
        <Suspense fallback={<ChartOnItsWay />}>
          <SeriesChart label={`${title}: ${summary}`} {...chart} />
        </Suspense>
      )}
    </Card>
  );
}

function StepTable({ title, steps, series, format }: Omit<ChartCardProps, 'summary'>) {
  const rows = steps
    .map((step, place): StepRow => ({ step, values: series.map(({ values }) => values[place] ?? null) }))
    .toReversed();
  const columns: Column<StepRow>[] = [
    { header: 'From', isRowHeader: true, isText: false, cell: ({ step }) => step },
    ...series.map(({ label }, place): Column<StepRow> => ({
      header: label,
      align: 'end',
      cell: ({ values }) => {
        const value = values[place] ?? null;
        return value === null ? '–' : format(value);
      },
    })),
  ];
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard
    <div className={styles.table} tabIndex={0} role="region" aria-label={`${title} as table`}>
      <Table
        caption={title}
        columns={columns}
        state={{ kind: 'ready', rows, isRefreshing: false, refreshError: null }}
        rowKey={({ step }) => step}
        empty={{ title: 'Nothing', text: '' }}
        onRetry={() => undefined}
      />
    </div>
  );
}

function ChartOnItsWay() {
  return (
    <div className={styles.onItsWay} role="status" aria-label="Loading the chart">
      <Skeleton width={4} />
      <Skeleton width={3} />
      <Skeleton width={2} />
    </div>
  );
}
