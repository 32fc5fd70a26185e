"""How far features and scores have moved in four weeks."""
