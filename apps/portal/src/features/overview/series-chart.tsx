import { useLayoutEffect, useRef, useState } from 'react';
import { AxisBottom, AxisLeft } from '@visx/axis';
import { scaleBand, scaleLinear } from '@visx/scale';
import { Bar, LinePath } from '@visx/shape';
import { latestPoint } from './latest-point';
import styles from './series-chart.module.css';

/** How a series is drawn: by form as well as by colour. */
type SeriesMark = 'filled' | 'hatched' | 'line' | 'dashed';

interface Series {
  label: string;
  mark: SeriesMark;
  /** One for each step; null where there is nothing to tell. */
  values: readonly (number | null)[];
}

export interface SeriesChartProps {
  /** What the chart shows, in a sentence. */
  label: string;
  /** The name of each step. */
  steps: readonly string[];
  /** The same where there is little room, on the axis. */
  ticks: readonly string[];
  /** Bars stand on each other, lines cross. */
  series: readonly Series[];
  format: (value: number) => string;
}

const HEIGHT = 200;
const MARGIN = { top: 10, right: 8, bottom: 26, left: 52 };
const TICK_ROOM = 76;

/** Some series over the steps of a period. Who does not see it has the table beside it. */
export function SeriesChart({ label, steps, ticks, series, format }: SeriesChartProps) {
  const [frame, width] = useWidth();
  return (
    <figure className={styles.figure}>
      <div ref={frame} className={styles.frame}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={label}>
            <Plot width={width} steps={steps} ticks={ticks} series={series} format={format} />
          </svg>
        )}
      </div>
      <figcaption className={styles.legend}>
        {series.map(({ label: name, mark }) => (
          <span key={name} className={styles.entry}>
            <svg width="22" height="12" aria-hidden="true">
              <Sample mark={mark} />
            </svg>
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function Plot({ width, steps, ticks, series, format }: Omit<SeriesChartProps, 'label'> & { width: number }) {
  const places = steps.map((_, place) => place);
  const x = scaleBand({ domain: places, range: [MARGIN.left, width - MARGIN.right], paddingInner: 0.25 });
  const y = scaleLinear({ domain: [0, highest(series)], range: [HEIGHT - MARGIN.bottom, MARGIN.top], nice: 4 });
  const shown = Math.max(2, Math.floor((width - MARGIN.left) / TICK_ROOM));
  const every = Math.ceil(steps.length / shown);
  const textOf = (anchor: 'middle' | 'end') => ({
    className: styles.tick ?? '',
    textAnchor: anchor,
    fontFamily: 'inherit',
  });
  return (
    <>
      <Hatch />
      {y.ticks(4).map((value) => (
        <line
          key={value}
          x1={MARGIN.left}
          x2={width - MARGIN.right}
          y1={y(value)}
          y2={y(value)}
          className={styles.grid}
        />
      ))}
      <AxisLeft
        scale={y}
        left={MARGIN.left}
        numTicks={4}
        hideAxisLine
        hideTicks
        tickFormat={(value) => format(Number(value))}
        tickLabelProps={{ ...textOf('end'), dx: '-0.25em', dy: '0.3em' }}
      />
      <AxisBottom
        scale={x}
        top={HEIGHT - MARGIN.bottom}
        tickValues={places.filter((place) => place % every === 0)}
        hideTicks
        axisLineClassName={styles.axis ?? ''}
        tickFormat={(place) => ticks[place] ?? ''}
        tickLabelProps={{ ...textOf('middle'), dy: '0.4em' }}
      />
      <Bars steps={steps} series={series} x={x} y={y} format={format} />
      {series.filter(isLine).map((line) => (
        <Line key={line.label} line={line} x={(place) => (x(place) ?? 0) + x.bandwidth() / 2} y={y} />
      ))}
      <Hints steps={steps} series={series} x={x} format={format} />
    </>
  );
}

type BandScale = ReturnType<typeof scaleBand<number>>;
type LinearScale = ReturnType<typeof scaleLinear<number>>;

interface BarsProps extends Pick<SeriesChartProps, 'steps' | 'series' | 'format'> {
  x: BandScale;
  y: LinearScale;
}

function Bars({ steps, series, x, y }: BarsProps) {
  const bars = series.filter((one) => !isLine(one));
  return steps.map((step, place) => {
    let below = 0;
    return bars.map(({ label, mark, values }) => {
      const value = values[place] ?? 0;
      if (value === 0) return null;
      const top = y(below + value);
      const height = y(below) - top;
      below += value;
      return (
        <Bar
          key={`${step} ${label}`}
          x={x(place) ?? 0}
          y={top}
          width={x.bandwidth()}
          height={Math.max(1, height)}
          className={mark === 'filled' ? styles.filled : styles.hatched}
        />
      );
    });
  });
}

function Line({ line, x, y }: { line: Series; x: (place: number) => number; y: LinearScale }) {
  const className = line.mark === 'dashed' ? styles.dashed : styles.line;
  const last = latestPoint(line.values);
  return (
    <>
      <LinePath
        data={[...line.values]}
        x={(_, place) => x(place)}
        y={(value) => y(value ?? 0)}
        defined={(value) => value !== null}
        className={className ?? ''}
      />
      {line.values.map((value, place) =>
        // A value whose neighbours are missing has no line.
        value !== null && (isLonely(line.values, place) || place === last) ? (
          // oxlint-disable-next-line react/no-array-index-key -- a step is its place
          <circle key={place} cx={x(place)} cy={y(value)} r={2.5} className={styles.point} />
        ) : null,
      )}
    </>
  );
}

/** What the pointer finds over a step. */
function Hints({ steps, series, x, format }: Omit<BarsProps, 'y'>) {
  return steps.map((step, place) => (
    <rect
      key={step}
      x={x(place) ?? 0}
      y={MARGIN.top}
      width={x.step()}
      height={HEIGHT - MARGIN.top - MARGIN.bottom}
      className={styles.hint}
    >
      <title>
        {[step, ...series.map(({ label, values }) => `${label}: ${toText(values[place] ?? null, format)}`)].join('\n')}
      </title>
    </rect>
  ));
}

function Sample({ mark }: { mark: SeriesMark }) {
  if (mark === 'filled') return <rect width="22" height="12" rx="2" className={styles.filled} />;
  if (mark === 'hatched') return <rect width="22" height="12" rx="2" className={styles.hatched} />;
  return <path d="M0 6h22" className={mark === 'dashed' ? styles.dashed : styles.line} />;
}

function Hatch() {
  return (
    <defs>
      <pattern id="chart-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" className={styles.hatchGround} />
        <rect width="2.5" height="6" className={styles.hatchLine} />
      </pattern>
    </defs>
  );
}

function highest(series: readonly Series[]): number {
  const bars = series.filter((one) => !isLine(one));
  const stacked = (bars[0]?.values ?? []).map((_, place) =>
    bars.reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
  );
  const lines = series.filter(isLine).flatMap(({ values }) => values.map((value) => value ?? 0));
  return Math.max(1, ...stacked, ...lines);
}

function isLine({ mark }: Series): boolean {
  return mark === 'line' || mark === 'dashed';
}

function isLonely(values: readonly (number | null)[], place: number): boolean {
  return (values[place - 1] ?? null) === null && (values[place + 1] ?? null) === null;
}

function toText(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}

/** The width that the element has, followed. */
function useWidth() {
  const element = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(watched);
    setWidth(Math.floor(watched.getBoundingClientRect().width));
    return () => observer.disconnect();
  }, []);
  return [element, width] as const;
}
