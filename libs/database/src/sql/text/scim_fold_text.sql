-- Text as it is compared where its case does not count, as `foldText` of libs/scim makes it. p_from, p_to: its WIDTHS. Only what is
-- compared inside stored JSON is folded here; a key is folded before it is stored.
CREATE OR REPLACE FUNCTION scim_fold_text(p_text text, p_from text, p_to text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
  IF octet_length(p_text) = char_length(p_text) THEN RETURN lower(p_text COLLATE "C"); END IF;
  RETURN normalize(translate(lower(translate(p_text, p_from, p_to) COLLATE "und-x-icu"), 'ς', 'σ'), NFC);
END
$$;
