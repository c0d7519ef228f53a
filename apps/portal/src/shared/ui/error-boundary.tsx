import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Component, type ReactNode } from 'react';
import { Button } from './button';
import { StatusPage } from './status-page';

interface ErrorBoundaryProps {
  /** Whom to tell if it happens again, in a sentence. */
  advice: () => string;
  children: ReactNode;
}

/** Keeps a bug in one page from leaving a blank window. React reports what it caught to the console itself. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <StatusPage
        title={t`Something went wrong on this page`}
        actions={
          <Button tone="primary" icon="refresh" onClick={() => location.reload()}>
            <Trans>Reload the page</Trans>
          </Button>
        }
      >
        <p>
          <Trans>What you set up is saved.</Trans> {this.props.advice()}
        </p>
      </StatusPage>
    );
  }
}
