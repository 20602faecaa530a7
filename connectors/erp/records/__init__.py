"""What an ERP tells us, as frozen typed records. Amounts are Decimals in the record's currency."""
