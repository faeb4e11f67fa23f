"""The project list (项目清单): what is to be bought, and the designs that residents choose from."""
