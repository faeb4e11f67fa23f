"""The needs list (需求清单): what residents say is missing."""
