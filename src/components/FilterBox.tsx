import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, type SyntheticEvent, useId, useRef, useState } from 'react';

import { type LoadValues, typedAt } from '../audience/completion';
import { type Attribute } from '../query/types.gen';
import { t } from '../text';

import { FilterInput } from './FilterInput';
import { type Suggestion, useSuggestions } from './useSuggestions';

interface Props {
  label: string;
  placeholder?: string;
  attributes: Attribute[];
  /** Must stay the same function as long as the store is the same. */
  loadValues: LoadValues;
  value: string;
  /** Where the text is wrong, in characters from 1. */
  wrongAt?: number;
  onType: (text: string) => void;
  /** Enter, with no suggestion chosen. */
  onEnter: () => void;
  /** The field is left. */
  onLeave?: () => void;
  inputRef?: React.RefObject<HTMLInputElement | null>;
}

/** A text of the filter language with suggestions of names and values, those used most first. */
export function FilterBox({ label, placeholder, attributes, loadValues, value, wrongAt, inputRef, ...on }: Props) {
  const { onType, onEnter, onLeave } = on;
  const styles = useStyles2(getStyles);
  const list = useId();
  const own = useRef<HTMLInputElement>(null);
  const input = inputRef ?? own;
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(-1);
  const typed = caret === undefined ? undefined : typedAt(value, caret);
  const suggestions = useSuggestions(loadValues, attributes, typed);
  const open = suggestions.length > 0;

  const take = ({ insert, goesOn }: Suggestion) => {
    const text = value.slice(0, typed!.from) + insert + value.slice(typed!.to);
    const place = typed!.from + insert.length;
    onType(text);
    setActive(-1);
    setCaret(goesOn ? place : undefined);
    // The text is there after the next drawing.
    setTimeout(() => input.current?.setSelectionRange(place, place));
  };
  const follow = ({ currentTarget }: SyntheticEvent<HTMLInputElement>) => {
    setCaret(currentTarget.selectionStart ?? currentTarget.value.length);
    setActive(-1);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => setActive((active + 1) % suggestions.length),
    ArrowUp: () => setActive((active > 0 ? active : suggestions.length) - 1),
    Escape: () => setCaret(undefined),
    ...(active >= 0 && { Enter: () => take(suggestions[active]), Tab: () => take(suggestions[active]) }),
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const act = open ? keys[event.key] : undefined;
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    } else if (event.key === 'Enter') {
      setCaret(undefined);
      onEnter();
    } else if (event.key === 'ArrowDown' && caret === undefined) {
      event.preventDefault();
      follow(event);
    }
  };
  return (
    <div className={styles.box}>
      <FilterInput
        {...{ value, wrongAt, inputRef: input }}
        {...{ role: 'combobox', autoComplete: 'off', spellCheck: false }}
        {...{
          'aria-label': label,
          'aria-expanded': open,
          'aria-controls': list,
          'aria-autocomplete': 'list',
        }}
        aria-activedescendant={active >= 0 ? `${list}-${active}` : undefined}
        placeholder={placeholder ?? t('filter.placeholder')}
        onChange={(event) => {
          onType(event.currentTarget.value);
          follow(event);
        }}
        onFocus={follow}
        onClick={follow}
        onKeyUp={(event) => MOVES.includes(event.key) && follow(event)}
        onBlur={() => {
          setCaret(undefined);
          onLeave?.();
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        id={list}
        role="listbox"
        aria-label={t('filter.suggestions')}
        className={cx(styles.list, !open && styles.hidden)}
      >
        {suggestions.map((one, i) => (
          <li
            key={one.insert}
            {...{ id: `${list}-${i}`, role: 'option', 'aria-selected': i === active }}
            ref={i === active ? scrollTo : undefined}
            className={cx(styles.option, i === active && styles.active)}
            // Before the field loses its focus.
            onMouseDown={(event) => {
              event.preventDefault();
              take(one);
            }}
          >
            <span>{one.text}</span>
            <span className={styles.note}>{one.note}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Keys that move the caret. */
const MOVES = ['ArrowLeft', 'ArrowRight', 'Home', 'End'];

/** The list may be longer than what is seen of it. */
const scrollTo = (option: HTMLElement | null) => option?.scrollIntoView?.({ block: 'nearest' });

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ position: 'relative' }),
  list: css({
    ...{ position: 'absolute', top: '100%', left: 0, right: 0, zIndex: theme.zIndex.dropdown, maxHeight: 320 },
    ...{ overflowY: 'auto', background: theme.colors.background.primary, boxShadow: theme.shadows.z3 },
    ...{ border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default },
  }),
  hidden: css({ display: 'none' }),
  option: css({
    ...{ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(2), listStyle: 'none' },
    ...{ padding: theme.spacing(0.5, 1), cursor: 'pointer' },
    '&:hover': { background: theme.colors.action.hover },
  }),
  // The quieter colour of notes cannot be read on it.
  active: css({ background: theme.colors.action.selected, span: { color: theme.colors.text.primary } }),
  note: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
});
