import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { createElement } from 'react';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import TurndownService from 'turndown';
import { PROVIDERS, providerName } from '@rollcall/contract';
import type { ProviderId } from '@rollcall/contract';
import { GUIDE_SLUGS } from '../navigation';
import type { Page } from '../read-page';

/** A guide of the portal, as far as a page is made of it. */
export interface Guide {
  readonly variants: readonly {
    readonly label: Message;
    readonly intro: ReactNode;
    readonly steps: readonly {
      readonly title: Message;
      readonly isForRoles?: true;
      readonly body: (values: GuideValues) => ReactNode;
    }[];
  }[];
  readonly documentation?: { readonly title: Message; readonly url: string };
  readonly notes: readonly { readonly title: Message; readonly body: ReactNode }[];
}

type Message = Parameters<typeof i18n._>[0];

interface GuideValues {
  readonly endpoint: string;
  readonly token: null;
  readonly tokenSuffix: null;
  readonly onTokenCopied: () => void;
}

/** Gives the portal's guide of a provider. */
export type LoadGuide = (provider: ProviderId) => Promise<Guide>;

/** What the portal shows in the place of these is the directory's own. */
const VALUES: GuideValues = {
  endpoint: 'https://rollcall.example.com/scim/…/v2',
  token: null,
  tokenSuffix: null,
  onTokenCopied: () => undefined,
};

/** The providers that have a guide, with the last part of its address. */
export function guideSlugs(): [ProviderId, string][] {
  return PROVIDERS.map(({ id }) => [id, `providers/${GUIDE_SLUGS[id]}`]);
}

/** Makes a page of the guide that the portal shows to administrators, in English. */
export async function writeGuidePage(provider: ProviderId, loadGuide: LoadGuide): Promise<Page> {
  // The sources have the English texts themselves.
  i18n.loadAndActivate({ locale: 'en', messages: {} });
  const guide = await loadGuide(provider);
  const hasChoice = guide.variants.length > 1;
  const variants = guide.variants.map(({ label, intro, steps }) => {
    const list = steps.map((step, index) => {
      const title = `${index + 1}. ${i18n._(step.title)}${step.isForRoles ? ' (where roles are mapped)' : ''}`;
      return `**${title}**\n\n${toMarkdown(step.body(VALUES))}`;
    });
    return `## ${hasChoice ? i18n._(label) : 'Steps'}\n\n${toMarkdown(intro)}\n\n${list.join('\n\n')}`;
  });
  const notes = guide.notes.map(({ title, body }) => `### ${i18n._(title)}\n\n${toMarkdown(body)}`);
  const { documentation } = guide;
  const name = providerName(provider);
  return {
    slug: `providers/${GUIDE_SLUGS[provider]}`,
    title: name,
    description: `How an IT administrator connects ${name}, step by step, as the Admin Portal shows it.`,
    body: [
      INTRODUCTION,
      ...variants,
      ...(notes.length > 0 ? [`## Good to know\n\n${notes.join('\n\n')}`] : []),
      ...(documentation ? [`[${i18n._(documentation.title)}](${documentation.url})`] : []),
    ].join('\n\n'),
  };
}

const INTRODUCTION = `You make an organization for your customer, switch Directory Sync on, and send their administrator a portal link ([how](/docs/quickstart#connect-a-real-identity-provider)). There they choose the provider and see these steps with their own endpoint URL and bearer token filled in; steps tick themselves when the provider’s requests arrive. “This page” is that page of the Admin Portal.`;

function toMarkdown(node: ReactNode): string {
  return turndown.turndown(renderToStaticMarkup(createElement(I18nProvider, { i18n }, node))).trim();
}

const turndown = makeConverter();

function makeConverter(): TurndownService {
  const service = new TurndownService({ bulletListMarker: '-', codeBlockStyle: 'fenced', headingStyle: 'atx' });
  // Buttons, and what is said to those who do not see the arrow between two steps of a menu.
  service.remove('button');
  service.addRule('spoken', { filter: (node) => isSpoken(node), replacement: () => '' });
  service.addRule('field', { filter: 'dt', replacement: (content) => `\n- **${content.trim()}**: ` });
  service.addRule('value', {
    filter: 'dd',
    replacement: (content) =>
      content
        .trim()
        .replaceAll(/\n\s*\n/g, '. ')
        .replaceAll('\n', ' '),
  });
  service.addRule('fields', { filter: 'dl', replacement: (content) => `\n\n${content.trim()}\n\n` });
  service.addRule('row', {
    filter: (node) => isRow(node),
    replacement: (content) => `\n${content.trim()}`,
  });
  return service;
}

/** An element as the converter gives it, which has its own DOM. */
interface Element {
  readonly nodeName: string;
  readonly parentNode: Element | null;
  getAttribute(name: string): string | null;
}

function isSpoken(node: unknown): boolean {
  return (node as Element).getAttribute('class')?.split(' ').includes('visually-hidden') ?? false;
}

function isRow(node: unknown): boolean {
  const { nodeName, parentNode } = node as Element;
  return nodeName === 'DIV' && parentNode?.nodeName === 'DL';
}
