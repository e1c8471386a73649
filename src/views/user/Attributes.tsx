import { css } from '@emotion/css';
import {
  type DataFrame,
  type Field,
  formattedValueToString,
  getDisplayProcessor,
  type GrafanaTheme2,
} from '@grafana/data';
import { Button, IconButton, useStyles2, useTheme2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { Cell } from '../../components/Cell';
import { formatCount } from '../../components/numbers';
import { SearchBox } from '../../components/SearchBox';
import { Section } from '../../components/Section';
import { Stack } from '../../components/Stack';
import { useRemembered } from '../../components/useRemembered';
import { t } from '../../text';

import { type Known, knownOf, pinnedFirst, searched } from './questions';

/** How many are shown at first. */
const FEW = 30;
const NONE: string[] = [];

/** What is known of the user beside the head of the view, to be searched. */
export function Attributes({ datasource, profile }: { datasource: string; profile: DataFrame }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const [search, setSearch] = useState('');
  const [all, setAll] = useState(false);
  const [pinned, setPinned] = useRemembered(`user.pinned.${datasource}`, NONE);
  const known = useMemo(() => pinnedFirst(knownOf(profile), pinned), [profile, pinned]);
  const textOf = (field: Field) => {
    const value = field.values[0];
    return value === null ? '' : `${formattedValueToString(getDisplayProcessor({ field, theme })(value))} ${value}`;
  };
  const found = searched(known, search, textOf);
  const shown = all ? found : found.slice(0, FEW);
  return (
    <Section title={t('user.attributes')}>
      {known.length > 0 && (
        <Stack>
          <SearchBox label={t('user.searchAttributes')} value={search} onChange={setSearch} />
        </Stack>
      )}
      {found.length === 0 && (
        <span className={styles.none}>{t(known.length === 0 ? 'user.noAttributes' : 'facets.noMatch')}</span>
      )}
      <dl className={styles.list}>
        {shown.map((one) => (
          <Attribute
            key={one.field.name}
            {...one}
            pinned={pinned.includes(one.id)}
            onPin={(pin) => setPinned(pin ? [...pinned, one.id] : pinned.filter((id) => id !== one.id))}
          />
        ))}
      </dl>
      {shown.length < found.length && (
        <Button variant="secondary" fill="text" size="sm" onClick={() => setAll(true)}>
          {t('user.showAll', { count: formatCount(found.length) })}
        </Button>
      )}
    </Section>
  );
}

interface AttributeProps extends Known {
  /** It stands before the others, whosesoever page this is. */
  pinned: boolean;
  onPin: (pin: boolean) => void;
}

function Attribute({ name, field, first, pinned, onPin }: AttributeProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.attribute}>
      <dt className={styles.name}>
        {partsOf(name).map((part, i) => (
          <React.Fragment key={i}>
            {part}
            <wbr />
          </React.Fragment>
        ))}
        <IconButton
          className={styles.pin}
          name={pinned ? 'favorite' : 'star'}
          size="sm"
          tooltip={t(pinned ? 'user.unpin' : 'user.pin', { name })}
          aria-pressed={pinned}
          onClick={() => onPin(!pinned)}
        />
      </dt>
      <dd className={styles.value}>
        <Cell field={field} row={0} />
        {first && (
          <div className={styles.name}>
            {t('user.atFirst')} <Cell field={first} row={0} />
          </div>
        )}
      </dd>
    </div>
  );
}

/** A name in parts between which a line may end: "demo_", "customers.", "company". */
const partsOf = (name: string) => name.match(/[^._]*[._]+|[^._]+/g) ?? [];

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ margin: 0 }),
  attribute: css({
    ...{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)', gap: theme.spacing(1) },
    ...{ padding: theme.spacing(0.5, 0), borderBottom: `1px solid ${theme.colors.border.weak}` },
    '&:last-child': { borderBottom: 'none' },
    '&:not(:hover, :focus-within) [aria-pressed=false]': { opacity: 0 },
  }),
  pin: css({ marginLeft: theme.spacing(0.5), verticalAlign: 'text-bottom' }),
  name: css({
    ...{ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    overflowWrap: 'anywhere',
  }),
  value: css({ margin: 0, overflowWrap: 'anywhere' }),
  none: css({ color: theme.colors.text.secondary }),
});
