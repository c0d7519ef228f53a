import { describe, expect, it } from 'vitest';
import { findUnmarkedTexts } from './find-unmarked-texts.js';

const textsOf = (code: string) => findUnmarkedTexts('page.tsx', code).map(({ text }) => text);

describe('findUnmarkedTexts', () => {
  it.each([
    ['text in an element', 'const a = <p>Not yet</p>;', ['Not yet']],
    ['either text of a condition', "const a = <p>{isNew ? 'New one' : `Old one`}</p>;", ['New one', 'Old one']],
    ['a text that is shown when something holds', "const a = <p>{isNew && 'New one'}</p>;", ['New one']],
    ['an attribute that is read', 'const a = <Card title="Users" aria-label={`All ${n}`} />;', ['Users', 'All']],
    ['a property that is read', "const TABS = [{ to: '/users', label: 'Users' }];", ['Users']],
    ['a text that is made when it is asked for', "const a = { advice: () => 'Wait' };", ['Wait']],
    ['an attribute within a message', 'const a = <Trans>All <b title="Users">of</b></Trans>;', ['Users']],
  ])('finds %s', (_what, code, texts) => {
    expect(textsOf(code)).toEqual(texts);
  });

  it.each([
    ['messages', 'const a = <Card title={t`Users`}><Trans>All <b>of {them}</b></Trans> {i18n._(label)}</Card>;'],
    ['what is not read', 'const a = <Button tone="primary" className={`${styles.big}`} data-testid="all" />;'],
    ["words of another product's screens", 'const a = <p><Ui>Push Groups</Ui> <Code>userName</Code></p>;'],
    ['signs', 'const a = <p>– {count}: “{name}” ×{more}</p>;'],
  ])('leaves %s alone', (_what, code) => {
    expect(textsOf(code)).toEqual([]);
  });
});
