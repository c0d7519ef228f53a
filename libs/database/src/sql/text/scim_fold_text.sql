-- Text as it is compared where its case does not count, as `foldText` of libs/scim makes it. p_from, p_to: its WIDTHS,
-- p_bytes_max: its FOLDED_BYTES_MAX. Only what is compared inside stored JSON is folded here; a key is folded before it is stored.
CREATE OR REPLACE FUNCTION scim_fold_text(p_text text, p_from text, p_to text, p_bytes_max integer)
RETURNS text
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
  IF octet_length(p_text) = char_length(p_text) THEN RETURN lower(p_text COLLATE "C"); END IF;
  IF octet_length(p_text) > p_bytes_max THEN RETURN lower(p_text COLLATE "und-x-icu"); END IF;
  -- To translate costs a microsecond for each character, and few texts have one to translate.
  IF p_text ~ '[\u3000\uff01-\uffee]' THEN p_text := translate(p_text, p_from, p_to); END IF;
  RETURN normalize(translate(lower(p_text COLLATE "und-x-icu"), 'ς', 'σ'), NFC);
END
$$;
