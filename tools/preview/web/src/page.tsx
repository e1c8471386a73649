import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { type PluginPageProps } from '@grafana/runtime';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import { type ReactNode, Suspense, use, useState } from 'react';

interface Props {
  title?: ReactNode;
  subTitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page under its title. */
export function Page({ title, subTitle, actions, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <>
      <header className={styles.header}>
        <h1 className={styles.title}>{title}</h1>
        {actions}
      </header>
      {subTitle && <div className={styles.subTitle}>{subTitle}</div>}
      {children}
    </>
  );
}

/** The frame of the app's own pages, which Grafana's core gives as PluginPage; the title comes from the nav. */
export function appPage(titleOf: () => string) {
  return function AppPage({ pageNav, renderTitle, subTitle, actions, children }: PluginPageProps) {
    const title = pageNav?.text ?? titleOf();
    return (
      <Page title={renderTitle?.(title) ?? title} subTitle={subTitle ?? pageNav?.subTitle} actions={actions}>
        {children}
      </Page>
    );
  };
}

interface Loading<T> {
  load: () => Promise<T>;
  children: (value: T) => ReactNode;
}

/** What is drawn of something that has to be loaded first, or why it cannot be. */
export function Loaded<T>({ load, children }: Loading<T>) {
  const [loading] = useState(() =>
    load().then(
      (value) => ({ value }),
      (error) => ({ refusal: error.data?.message ?? String(error) })
    )
  );
  return (
    <Suspense fallback={<LoadingPlaceholder text="Loading ..." />}>
      <Ready loading={loading}>{children}</Ready>
    </Suspense>
  );
}

type Outcome<T> = { value: T } | { refusal: string };

function Ready<T>({ loading, children }: { loading: Promise<Outcome<T>>; children: (value: T) => ReactNode }) {
  const outcome = use(loading);
  return 'refusal' in outcome ? <Alert severity="error" title={outcome.refusal} /> : children(outcome.value);
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    display: 'flex',
    gap: theme.spacing(2),
    alignItems: 'center',
    justifyContent: 'space-between',
    marginBottom: theme.spacing(1),
  }),
  title: css({ ...theme.typography.h2, margin: 0 }),
  subTitle: css({ color: theme.colors.text.secondary, marginBottom: theme.spacing(2) }),
});
