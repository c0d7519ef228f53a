import type { ApiPaths } from '@rollcall/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { polled } from '../../shared/api/polled';
import { answerOf, api } from '../../shared/management-api/management-api';

export const PERIODS = ['hour', 'day', 'week'] as const;
export type Period = (typeof PERIODS)[number];

/** Traffic is told a few seconds late. */
const POLL_MS = 15_000;

export function overviewQuery(period: Period) {
  return queryOptions({
    queryKey: ['overview', period],
    queryFn: ({ signal }) => answerOf(api.GET('/api/v1/overview', { params: { query: { period } }, signal })),
    placeholderData: keepPreviousData,
    ...polled(POLL_MS),
  });
}

export type Overview = ApiPaths['/api/v1/overview']['get']['responses'][200]['content']['application/json'];
export type Traffic = Overview['traffic'];
export type TrafficStep = Traffic['steps'][number];

/** The period that the address names; a day unless it names one. */
export function readPeriod(text: string | null): Period {
  return PERIODS.find((period) => period === text) ?? 'day';
}
