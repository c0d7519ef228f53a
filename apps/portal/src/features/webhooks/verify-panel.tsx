import { useSearchParam } from '../../shared/hooks/use-search-param';
import { Card } from '../../shared/ui/card';
import { CodeBlock } from '../../shared/ui/code-block';
import { FilterSelect } from '../../shared/ui/filter-bar';
import { SECRET_VARIABLE, VERIFY_SNIPPETS, WORKOS_SNIPPET } from './verify-snippets';
import styles from './webhooks.module.css';

const [FIRST] = VERIFY_SNIPPETS;

/** The same for an app that was written for WorkOS, whose SDK is the only one that knows its signature. */
export function VerifyWorkosPanel() {
  return (
    <Card
      title="Verify with WorkOS’ SDK"
      lead={
        <>
          Every event is signed as WorkOS does it, in the header <code>workos-signature</code>. The secret is expected
          in <code>{SECRET_VARIABLE}</code>.
        </>
      }
    >
      <CodeBlock label="Node.js" code={WORKOS_SNIPPET} />
    </Card>
  );
}

/** How an app verifies what arrives, in the reader's language, which the URL keeps. */
export function VerifyPanel() {
  const [language, setLanguage] = useSearchParam('language');
  const snippet = VERIFY_SNIPPETS.find(({ id }) => id === language) ?? FIRST;
  if (!snippet) return null;
  return (
    <Card
      title="Verify in your language"
      lead={
        <>
          Every event is signed as Standard Webhooks has it: take only what its signature fits. The secret is expected
          in <code>{SECRET_VARIABLE}</code>.
        </>
      }
    >
      <div className={styles.page}>
        <FilterSelect
          label="Language"
          all={FIRST?.language ?? ''}
          value={language ?? ''}
          options={VERIFY_SNIPPETS.slice(1).map(({ id, language: label }) => ({ value: id, label }))}
          onChange={(next) => setLanguage(next === '' ? null : next)}
        />
        {snippet.install !== null && <CodeBlock label="Install" code={snippet.install} />}
        <CodeBlock label={snippet.language} code={snippet.code} />
      </div>
    </Card>
  );
}
