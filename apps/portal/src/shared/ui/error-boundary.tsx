import { Component, type ReactNode } from 'react';
import { Button } from './button';
import { StatusPage } from './status-page';

interface ErrorBoundaryProps {
  /** Whom to tell if it happens again, as a sentence's end: `tell the vendor of the app`. */
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
        title="Something went wrong on this page"
        actions={
          <Button tone="primary" icon="refresh" onClick={() => location.reload()}>
            Reload the page
          </Button>
        }
      >
        <p>What you set up is saved. If it happens again, {this.props.advice()}.</p>
      </StatusPage>
    );
  }
}
